// The desk's flows, in the order of its menu. Each is {id, title, right, draw} and, where it wants them, `opened()`,
// `submit()` for Enter, `scan(text)` (true: it took it), `back()` for Esc (true: it went a step back), `keys` by name,
// `shows()`: what of the till's state it draws besides. `title` is a word's name; `right`: of loyalty/staff.py.
import {AUDIT} from "./desk_audit.js"
import {CARDS} from "./desk_cards.js"
import {CASES} from "./desk_cases.js"
import {CERTIFICATES} from "./desk_certificates.js"
import {CLAIM} from "./desk_claim.js"
import {DAY} from "./desk_day.js"
import {MEMBER} from "./desk_member.js"
import {MERGE} from "./desk_merge.js"
import {PROFILE} from "./desk_profile.js"
import {REGISTER} from "./desk_register.js"
import {RETURN} from "./desk_return.js"

export const FLOWS = [CARDS, CERTIFICATES, REGISTER, MEMBER, PROFILE, RETURN, CLAIM, CASES, DAY, MERGE, AUDIT]
