"""What `pos-agent doctor` says, in Russian and English, by code: for the fitter in the shop.

What helps has the finding's code and `_help`. Names of settings, commands and makers stay as they are written.
"""

from __future__ import annotations

from loyalty.programme import Language

_WORDS: dict[str, tuple[str, str]] = {
    # the page
    "about_till": ("касса", "till"),
    "about_agent": ("агент", "agent"),
    "about_hub": ("хаб", "hub"),
    "about_neighbours": ("кассы", "tills"),
    "about_clock": ("часы", "clock"),
    "about_disk": ("диск", "disk"),
    "about_page": ("страница", "page"),
    "about_printer": ("принтер", "printer"),
    "about_scanner": ("сканер", "scanner"),
    "about_camera": ("камера", "camera"),
    "left_out": ("(строк, в которых всё хорошо, не показано: {count})", "({count} lines that are well are left out)"),
    "till_works": ("Касса может работать.", "A till can work here."),
    "till_stops": ("Касса так работать не может: см. ✗.", "A till cannot work so: see ✗."),
    "till_unknown": ("Проверено не до конца.", "It was not looked at to the end."),
    "stopped": ("проверку прервали; остальное не проверено", "it was broken off; the rest was not looked at"),
    # while it waits
    "now_till": ("Программа, диск, часы, хаб (до 25 с) …", "Programme, disk, clock, hub (at most 25 s) …"),
    "now_printer": ("Спрашиваю принтер {url} (до 15 с) …", "Asking the printer {url} (at most 15 s) …"),
    "now_scanner": ("Сканер {url} …", "The scanner {url} …"),
    "now_camera": ("Смотрю через камеру {url} (до 10 с) …", "Looking through the camera {url} (at most 10 s) …"),
    "scan_this": (
        "Считайте этот код, раз: {count} (жду {seconds} с; Ctrl-C — закончить):",
        "Scan this code, times: {count} (waiting {seconds} s; Ctrl-C ends):",
    ),
    "picture_written": ("Тот же код картинкой: {file}", "The same code as a picture: {file}"),
    "picture_not_written": ("Картинку {file} не записать: {why}", "The picture {file} cannot be written: {why}"),
    "scan_came": ("  есть {count}", "  {count}"),
    "readable": ("Читается ли на бумаге «{sample}»? [д/н]", "Is “{sample}” readable on the paper? [y/n]"),
    # settings and programme
    "no_settings": ("файла настроек {file} нет; смотрю, что подключено", "there are no settings {file}"),
    "no_settings_help": ("Пример файла: pos-agent run --help", "An example of them: pos-agent run --help"),
    "settings_bad": ("настройки не прочитать: {why}", "the settings cannot be read: {why}"),
    "till_named": ("{till}: {programme}, версия {version}", "{till}: {programme}, version {version}"),
    "programme_bad": ("программу не прочитать: {why}", "the programme cannot be read: {why}"),
    "not_in_settings": (
        "{url} подключено, но в настройках этого нет ({name})",
        "{url} is plugged in and not in the settings ({name})",
    ),
    "not_in_settings_help": ("Проверить: pos-agent doctor {url}", "To try it: pos-agent doctor {url}"),
    "nothing_plugged": ("ничего не подключено и не настроено", "nothing is plugged in, and nothing is set"),
    "nothing_plugged_help": ("Что искали: pos-agent devices", "What was looked for: pos-agent devices"),
    # agent, page
    "port_free": ("порт {port} свободен", "port {port} is free"),
    "port_taken": ("порт {port} занят, и это не наш агент: {why}", "port {port} is taken, not by our agent: {why}"),
    "port_taken_help": (
        "Закройте ту программу или дайте другой порт: [api] port = …",
        "Stop that program, or choose another port: [api] port = …",
    ),
    "agent_runs": (
        "агент {till} работает на порту {port}, ждут хаба: {count}; устройства у него, спрашиваю его самого",
        "the agent {till} runs on port {port}, {count} wait for the hub; it holds the devices, so it is asked",
    ),
    "agents_printer": ("{url}: {text}", "{url}: {text}"),
    "agents_scanner_ready": ("{name} {url}: готов, считано {count}", "{name} {url}: ready, {count} scans"),
    "agents_scanner_connecting": ("{name} {url}: подключается", "{name} {url}: connecting"),
    "agents_scanner_absent": ("{name} {url}: не найден", "{name} {url}: not there"),
    "agents_scanner_faulted": ("{name} {url}: перестал отвечать", "{name} {url}: stopped answering"),
    "browser_there": ("браузер для страницы кассира: {browser}", "a browser for the cashier's page: {browser}"),
    "browser_missing": ("браузера для страницы кассира нет", "there is no browser for the cashier's page"),
    "browser_missing_help": (
        "apt-get install chromium; если кассир работает в кассовой программе, он не нужен",
        "apt-get install chromium; a cashier who works in the POS needs none",
    ),
    # disk
    "disk_good": (
        "{folder}: свободно {free} ГБ, запись на диск {ms} мс",
        "{folder}: {free} GB free, a write is on the disk in {ms} ms",
    ),
    "disk_slow": (
        "{folder}: свободно {free} ГБ, но запись на диск идёт {ms} мс",
        "{folder}: {free} GB free, but a write takes {ms} ms to the disk",
    ),
    "disk_slow_help": (
        "Каждая продажа ждёт нескольких таких записей: возьмите SSD вместо карты памяти",
        "Each sale waits for a few of them: use an SSD instead of a memory card",
    ),
    "disk_full": ("{folder}: места нет, свободно {free_mb} МБ", "{folder}: there is no room, {free_mb} MB free"),
    "disk_low": (
        "{folder}: диск почти полон, свободно {free_mb} МБ",
        "{folder}: the disk is nearly full, {free_mb} MB free",
    ),
    "disk_full_help": (
        "Освободите место: без него чеки не записать",
        "Make room: without it no sale can be recorded",
    ),
    "disk_forbidden": ("в {folder} не записать: {why}", "{folder} cannot be written: {why}"),
    "disk_forbidden_help": (
        "Дайте пользователю агента право на эту папку",
        "Let the agent's user write in this folder",
    ),
    # hub, clock
    "hub_there": ("{url} отвечает за {ms} мс", "{url} answers in {ms} ms"),
    "hub_older": ("{url} старше этой кассы", "{url} is older than this till"),
    "hub_older_help": ("Обновите хаб; продажи до тех пор ждут здесь", "Upgrade the hub; until then sales wait here"),
    "hub_unclear": ("по адресу {url} отвечает не хаб", "what answers at {url} is no hub"),
    "hub_unclear_help": ("Проверьте [hub] url в настройках", "Check [hub] url in the settings"),
    "hub_refused": ("{url} не принял вопрос ({why})", "{url} did not take the question ({why})"),
    "hub_not_joined": (
        "касса {till} не подключена к хабу {url}: продажи ждут здесь, баллы не списываются",
        "till {till} has not joined the hub at {url}: sales wait here, points are not redeemed",
    ),
    "hub_not_joined_help": (
        "В офисе: {add} {till}. Здесь, остановив агента: {join}; файл подключения кладут в папку данных",
        "In the office: {add} {till}. Here, with the agent stopped: {join}; a sealed file goes into the data's folder",
    ),
    "hub_key_bad": ("ключ кассы не прочитать: {why}", "the till's key cannot be read: {why}"),
    "hub_key_bad_help": (
        "Подключите кассу заново: {add} {till} в офисе, {join} здесь",
        "Join anew: {add} {till} in the office, {join} here",
    ),
    "hub_keyring_help": (
        "Откройте связку ключей пользователю агента и перезапустите агента, или задайте папку в настройках: keys = …",
        "Unlock the keyring for the agent's user and start the agent again, or name a folder in the settings: keys = …",
    ),
    "hub_strange": (
        "по адресу {url} отвечает не тот хаб, к которому подключена касса: ему не верим",
        "what answers at {url} is not the hub that this till has joined: it is not believed",
    ),
    "hub_strange_help": (
        "Проверьте [hub] url; если хаб и правда другой, подключите кассу заново: {add} {till} там, {join} здесь",
        "Check [hub] url; if the hub really is another now, join anew: {add} {till} there, {join} here",
    ),
    "hub_not_heard_help": (
        "Хаб не слушает эту кассу: в офисе {add} {till}, потом, остановив агента, здесь {join}",
        "The hub does not hear this till: in the office {add} {till}, then, with the agent stopped, {join} here",
    ),
    "hub_away": ("{url} не отвечает", "{url} does not answer"),
    "hub_away_help": (
        "Проверьте сеть и [hub] url; продавать можно и без хаба",
        "Check the network and [hub] url; one can sell without the hub",
    ),
    "neighbour_there": ("{at}: касса {till} отвечает за {ms} мс", "{at}: till {till} answers in {ms} ms"),
    "neighbour_away": ("{at} не отвечает", "{at} does not answer"),
    "neighbour_away_help": (
        "Включите ту кассу или уберите её из [neighbours]: без хаба её ждут при каждом списании",
        "Switch that till on, or take it out of [neighbours]: without the hub each redemption waits for it",
    ),
    "neighbour_refused": ("{at}: та касса нам не верит ({why})", "{at}: that till does not believe us ({why})"),
    "neighbour_refused_help": (
        "Проверьте, что секрет в [neighbours] у всех касс один, а часы идут верно",
        "Give all tills the same secret in [neighbours], and set their clocks",
    ),
    "clock_right": ("идут с хабом: {seconds} с", "it goes with the hub's: {seconds} s"),
    "clock_off": ("расходятся с хабом на {seconds} с", "it is {seconds} s off the hub's"),
    "clock_off_help": (
        "Включите время по сети: timedatectl set-ntp true",
        "Set it by the network: timedatectl set-ntp true",
    ),
    "clock_old": ("на них {now}: батарейка?", "it says {now}: the battery?"),
    "clock_alone": ("на них {now} по Гринвичу; сравнить не с чем", "it says {now} UTC; there is none to compare with"),
    # a device that cannot be had
    "bad_url": ("адрес {url} неверен: {why}", "the address {url} is wrong: {why}"),
    "away_missing": ("{url}: устройства нет", "{url}: no such device"),
    "away_missing_help": (
        "Воткните кабель, включите питание; что подключено: pos-agent devices",
        "Plug it in and switch it on; what is plugged in: pos-agent devices",
    ),
    "away_refused": ("{url}: по адресу есть машина, но она не принимает", "{url}: a machine is there and refuses"),
    "away_refused_help": ("Верен ли порт? У принтеров обычно 9100", "Is the port right? Most printers have 9100"),
    "away_unreachable": ("{url}: по адресу никого", "{url}: nobody at that address"),
    "away_unreachable_help": (
        "Проверьте питание, кабель сети и адрес (принтер печатает свой, если включить его с нажатой кнопкой FEED)",
        "Check power, network cable and address (a printer switched on with FEED held down prints its own)",
    ),
    "away_unknown_name": ("{url}: такого имени в сети нет", "{url}: the network has no such name"),
    "away_unknown_name_help": ("Напишите адрес цифрами", "Write the address in numbers"),
    "away_forbidden": ("{url}: не хватает прав", "{url}: no permission"),
    "away_forbidden_help": (
        "sudo usermod -aG dialout,input,video,lp ПОЛЬЗОВАТЕЛЬ, затем войдите заново",
        "sudo usermod -aG dialout,input,video,lp USER, then log in anew",
    ),
    "away_busy": ("{url}: его держит другая программа", "{url}: another program holds it"),
    "away_busy_help": (
        "Закройте её: кассовую программу, CUPS или ещё один pos-agent",
        "Stop it: the POS, CUPS, or another pos-agent",
    ),
    "away_other": ("{url}: не открыть: {why}", "{url}: it cannot be opened: {why}"),
    "away_other_help": ("Проверьте питание, кабель и адрес", "Check power, cable and address"),
    # printer
    "printer_named": ("{url}: «{name}» отвечает за {ms} мс", "{url}: “{name}” answers in {ms} ms"),
    "printer_nameless": ("{url}: отвечает за {ms} мс, имени не знает", "{url}: answers in {ms} ms, knows no name"),
    "printer_slow": ("{url}: «{name}» отвечает только за {ms} мс", "{url}: “{name}” answers in {ms} ms only"),
    "printer_slow_help": (
        "Сервер печати между нами? Подключите принтер прямо, или возьмите профиль: answer_deadline_ms",
        "A print server in between? Connect the printer directly, or take the profile: answer_deadline_ms",
    ),
    "printer_silent": ("{url}: соединение есть, ответа нет", "{url}: there is a connection and no answer"),
    "printer_silent_help": (
        "Включите и выключите его; верна ли скорость (?baud=…)? Не держит ли его другая программа?",
        "Switch it off and on; is the speed right (?baud=…)? Does another program hold it?",
    ),
    "stranger": ("{url}: это не принтер, он говорит «{came}»", "{url}: this is no printer, it says “{came}”"),
    "stranger_ssh": ("{url}: это не принтер, а вход SSH: «{came}»", "{url}: this is no printer but SSH: “{came}”"),
    "stranger_web": ("{url}: это не принтер, а веб-сервер", "{url}: this is no printer but a web server"),
    "stranger_echo": ("{url}: это не принтер, он возвращает всё назад", "{url}: this is no printer, it echoes"),
    "stranger_help": ("Верны ли адрес и порт?", "Are address and port right?"),
    "state_ready": ("готов печатать", "it is ready to print"),
    "state_paper_low": ("бумага кончается", "paper is running low"),
    "state_paper_out": ("нет бумаги: вставьте рулон", "it is out of paper: put a roll in"),
    "state_cover_open": ("открыта крышка: закройте её", "its cover is open: close it"),
    "state_cutter": ("заклинило нож: выключите, уберите бумагу", "its knife is jammed: switch it off, clear the paper"),
    "state_overheated": ("перегрелся: подождите минуту", "it is too hot: wait a minute"),
    "state_error": ("ошибка: выключите, проверьте бумагу, включите", "an error: switch it off, check the paper, on"),
    "state_offline": ("не на линии: посмотрите, что мигает", "it is off line: look for a blinking light"),
    "state_unknown": ("отвечает не на все вопросы о состоянии", "it does not answer all questions of its state"),
    "printer_not_asked": (
        "что он знает, не спросить, пока не печатает",
        "what it knows cannot be asked until it prints",
    ),
    "printer_not_asked_help": ("Исправьте и запустите ещё раз", "Mend that, and run this again"),
    "knows_process_id": (
        "доказывает печать (GS ( H); стирает буфер {clear}, сам сообщает состояние {asb}, нож {knife}",
        "proves what it printed (GS ( H); forgets its buffer {clear}, tells its state {asb}, knife {knife}",
    ),
    "knows_gs_r": (
        "подтверждает приём (GS r, не GS ( H); стирает буфер {clear}, сам сообщает состояние {asb}, нож {knife}",
        "says that it has read (GS r, not GS ( H); forgets its buffer {clear}, tells its state {asb}, knife {knife}",
    ),
    "knows_no_proof": (
        "печать не подтверждает; стирает буфер {clear}, сам сообщает состояние {asb}, нож {knife}",
        "proves nothing it printed; forgets its buffer {clear}, tells its state {asb}, knife {knife}",
    ),
    "knows_no_proof_help": (
        "Кассир будет смотреть, вышел ли чек; лучше принтер, который знает GS r или GS ( H",
        "The cashier will have to look at the paper; a printer that knows GS r or GS ( H is better",
    ),
    "drawer_high": ("гнездо денежного ящика: контакт 3 высокий", "the drawer's socket: pin 3 is high"),
    "drawer_low": ("гнездо денежного ящика: контакт 3 низкий", "the drawer's socket: pin 3 is low"),
    "drawer_help": (
        "Есть ли ящик, покажет pos-agent printer test --drawer",
        "Whether a drawer hangs on it: pos-agent printer test --drawer",
    ),
    "model_fits": ('model = "{model}" ему подходит', 'model = "{model}" fits it'),
    "model_proposed": ("подходит модель {model}", "the model {model} fits"),
    "model_proposed_help": (
        'В настройках, в [printer]:\nurl = "{url}"\nmodel = "{model}"',
        'In the settings, under [printer]:\nurl = "{url}"\nmodel = "{model}"',
    ),
    "model_wrong": ("модель {model} обещает, чего он не знает: {changed}", "{model} promises too much: {changed}"),
    "model_other": ("от модели {model} он отличается: {changed}", "it differs from the model {model}: {changed}"),
    "model_wrong_help": (
        "Запишите его профиль: pos-agent doctor --write printer.toml",
        "Write its own profile: pos-agent doctor --write printer.toml",
    ),
    "profile_written": ("профиль записан: {file}", "its profile is written: {file}"),
    "profile_written_help": ('В настройках, в [printer]: model = "{name}"', 'Under [printer]: model = "{name}"'),
    "profile_not_written": ("профиль {file} не записать: {why}", "the profile {file} cannot be written: {why}"),
    "profile_no_toml": ("имя профиля {file} должно кончаться на .toml", "{file} must end in .toml"),
    "page_right": (
        "кодовая страница {codepage}, место {slot}: читается",
        "{codepage} in slot {slot}: readable",
    ),
    "page_wrong": (
        "кодовая страница {codepage}, место {slot}: не читается",
        "{codepage} in slot {slot}: not readable",
    ),
    "page_printed": (
        "кодовая страница {codepage}, место {slot}: посмотрите на бумагу, читается ли «{sample}»",
        "code page {codepage}, slot {slot}: look at the paper whether “{sample}” is readable",
    ),
    "page_wrong_help": (
        "Найти верную: pos-agent printer codepages --url {url}",
        "pos-agent printer codepages --url {url}",
    ),
    # scanner
    "scanner_there": ("{url}: открывается", "{url}: it opens"),
    "scanner_not_tried": ("тестовый код не считывали", "no test code was scanned"),
    "scanner_not_tried_help": ("Проверить: pos-agent doctor --scans 3", "To try: pos-agent doctor --scans 3"),
    "scanner_quiet": ("за {seconds} с ничего не пришло", "nothing came in {seconds} s"),
    "scanner_quiet_help": (
        "Светит ли он? Пищит ли, но молчит: найдите в инструкции код «USB-COM» или «RS-232» (для hid: «клавиатура»)",
        "Does it shine? If it beeps: scan “USB-COM” or “RS-232” in its manual (for hid: “keyboard”)",
    ),
    "linear_quiet": ("штрихкод за {seconds} с не считан", "the bars were not read in {seconds} s"),
    "linear_quiet_help": (
        "С экрана читается не всё: возьмите код на бумаге; включён ли в сканере Code 128?",
        "Not all read from a screen: take a code on paper; is Code 128 switched on in the scanner?",
    ),
    "matrix_quiet": ("QR за {seconds} с не считан", "the QR was not read in {seconds} s"),
    "matrix_quiet_help": (
        "Лазерный сканер читает только полосы: купоны и маркировка ему недоступны",
        "A laser scanner reads bars alone: no coupons, no marking codes",
    ),
    "other_code": ("считан другой код: {came}", "another code was read: {came}"),
    "other_code_help": (
        "Считывайте тестовый код; записать, что приходит: pos-agent record {url} fault.rec",
        "Scan the test code; to keep what comes: pos-agent record {url} fault.rec",
    ),
    "no_code": ("приходит не код: {came}", "what comes is no code: {came}"),
    "no_code_help": (
        "Верна ли скорость (?baud=…, parity, bits)? Записать: pos-agent record {url} fault.rec",
        "Is the speed right (?baud=…, parity, bits)? To keep it: pos-agent record {url} fault.rec",
    ),
    "read_linear": (
        "штрихкод считан {count} из {of}, за {ms} мс",
        "the bars were read {count} of {of} times, in {ms} ms",
    ),
    "read_matrix": ("QR считан {count} из {of}, за {ms} мс", "QR: read {count} of {of} times, in {ms} ms"),
    "read_seldom_linear": ("штрихкод считан только {count} из {of}", "the bars were read {count} of {of} times only"),
    "read_seldom_matrix": ("QR считан только {count} из {of}", "the QR was read {count} of {of} times only"),
    "read_seldom_help": ("Протрите стекло, держите дальше или ближе", "Clean its glass, hold it nearer or farther"),
    "around": ("перед кодом {before}, после кода {after}", "before the code {before}, after it {after}"),
    "case_turned": (
        "регистр букв перевёрнут; перед кодом {before}, после кода {after}",
        "letters come with their case turned; before the code {before}, after it {after}",
    ),
    "case_turned_help": (
        "Выключите Caps Lock, или в сканере: Case Conversion — как есть",
        "Switch Caps Lock off, or in the scanner: case conversion off",
    ),
    "no_suffix": ("конца кода не видно: каждый скан под сомнением", "no code has an end: each scan is in doubt"),
    "no_suffix_help": (
        "Считайте в инструкции «суффикс CR» (для клавиатуры Enter), или: pos-agent scan --settings",
        "Scan “suffix CR” in its manual (of a keyboard: Enter), or: pos-agent scan --settings",
    ),
    "identifier": ("называет вид кода: {symbology}", "it names the kind of code: {symbology}"),
    "no_identifier": ("вид кода не называет", "it does not name the kind of code"),
    "no_identifier_help": (
        "Считайте в инструкции «AIM ID включить»: так виднее, где маркировка",
        "Scan “AIM ID on” in its manual: marking codes are told apart by it",
    ),
    "repeats": ("один код пришёл повторно, раз: {count}", "one code came again, times: {count}"),
    "repeats_help": (
        "Включите в сканере задержку повторного чтения (same code delay)",
        "Set a delay for reading the same code in the scanner",
    ),
    "long_pauses": ("посреди кода паузы до {ms} мс", "pauses of {ms} ms within a code"),
    "long_pauses_help": ("Добавьте к адресу idle_ms=250", "Add idle_ms=250 to the URL"),
    "gs_kept": ("разделитель GS доходит: маркировка годится", "the separator GS comes through: marking codes work"),
    "gs_lost": ("разделитель GS пропадает: маркировку не разобрать", "the separator GS is lost: no marking codes"),
    "gs_lost_help": (
        "Считайте в инструкции «передавать GS (FNC1)»; лучше COM-порт, чем клавиатура",
        "Scan “transmit GS (FNC1)” in its manual; a COM port is better than a keyboard",
    ),
    "letters_kept": ("русские буквы доходят ({encoding})", "Russian letters come through ({encoding})"),
    "letters_lost": ("русские буквы не доходят ({encoding})", "Russian letters do not come through ({encoding})"),
    "letters_lost_help": (
        "Для карт не нужны; для QR с текстом: в сканере вывод UTF-8",
        "Cards need none; for QR with text: UTF-8 output in the scanner",
    ),
    "url_right": ("адрес годится: {url}", "the URL is right: {url}"),
    "url_other": ("так читается лучше", "it reads better so"),
    "url_other_help": ('В настройках: url = "{url}"', 'In the settings: url = "{url}"'),
    "maker": ("перед кодом буквы, как пишут их {models}", "letters before the code, as {models} write them"),
    "maker_help": (
        'В настройках: url = "{url}"\nmodel = "{model}"',
        'In the settings: url = "{url}"\nmodel = "{model}"',
    ),
    # camera
    "camera_shows": ("{url}: {size}, {rate} кадров в секунду", "{url}: {size}, {rate} pictures a second"),
    "camera_slow": ("{url}: {size}, только {rate} кадров в секунду", "{url}: {size}, only {rate} pictures a second"),
    "camera_slow_help": (
        "Больше света; USB-камеру в другое гнездо; в камере MJPEG 15 кадров",
        "More light; a USB camera into another socket; MJPEG at 15 a second in the camera",
    ),
    "camera_small": ("{url}: {size}, для штрихкода мало", "{url}: {size}, too small for bars"),
    "camera_small_help": ("Выберите в камере 1280×720", "Choose 1280×720 in the camera"),
    "camera_dark": ("темно ({light} из 255)", "it is dark ({light} of 255)"),
    "camera_dark_help": ("Поставьте лампу", "Put a lamp there"),
    "camera_bright": ("пересвечено ({light} из 255)", "it is too bright ({light} of 255)"),
    "camera_bright_help": ("Уберите лампу или окно из кадра", "Take the lamp or the window out of its sight"),
    "camera_sharp": ("резкость {sharp}", "sharpness {sharp}"),
    "camera_soft": ("не резко ({sharp})", "it is not sharp ({sharp})"),
    "camera_soft_help": ("Протрите стекло, наведите на расстояние карты", "Clean its glass, focus it at the card"),
    "camera_reads": (
        "код прочтён через {seconds} с; он занимает {share} % кадра, можно дальше в {farther} раза",
        "the code was read after {seconds} s; it takes {share} % of the picture and may be {farther} times as far",
    ),
    "camera_reads_far": (
        "код прочтён через {seconds} с; он занимает {share} % кадра, дальше не надо",
        "the code was read after {seconds} s; it takes {share} % of the picture: no farther",
    ),
    "camera_blind": ("код за {seconds} с не прочтён", "the code was not read in {seconds} s"),
    "camera_blind_help": (
        "Поднесите ближе, без бликов; записать кадры: pos-agent record … --no-mask",
        "Hold it nearer, without glare; to keep pictures: pos-agent record … --no-mask",
    ),
}


def say_doctor(code: str, language: Language, /, **facts: str) -> str:
    """The line for a code."""
    return _WORDS[code][0 if language == "ru" else 1].format(**facts)


def doctor_codes() -> frozenset[str]:
    return frozenset(_WORDS)
