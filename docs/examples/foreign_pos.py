"""A POS of somebody else's, whole. It knows HTTP and a display of two lines, nothing of cards, points or programmes.

python foreign_pos.py http://127.0.0.1:8071 "$(cat till-data/api-token)"
sell 1042 tea 2600000000017
give_back R-1 1042
"""

import sys
import time

import requests

GOODS = {
    "tea": {"id": "1", "name": "Чай", "price": "412.50", "quantity": "2", "category": "tea"},
    "sweets": {
        "id": "2",
        "name": "Конфеты",
        "price": "649.00",
        "quantity": "0.347",
        "unit": "kg",
        "category": "sweets",
    },
}


class Pos:
    def __init__(self, url, token, display=lambda lines: print(*lines, sep="\n"), key=lambda ask: 0):
        self.url, self.display, self.key = url, display, key
        self.http = requests.Session()
        self.http.trust_env = False  # the till is on this machine: no proxy
        self.http.headers["Authorization"] = f"Bearer {token}"

    def do(self, **command):
        """Until it is answered: a command with our number may be sent again, it happens once."""
        for pause_s in (0, 0.1, 0.3, 1, 2, 4, 8):  # then the shop sells without points
            time.sleep(pause_s)
            try:
                answer = self.http.post(f"{self.url}/v1/commands", json=command, timeout=25)
            except requests.RequestException:
                continue
            if answer.status_code not in (500, 503):
                said = answer.json()
                self.display(said["say"])
                return said
        raise SystemExit("No answer: sell without points.")

    def answered(self, said):
        """A question is answered by the command that stands on the key that was pressed; «no» may have none."""
        while ask := said.get("ask"):
            self.display([ask["text"], "  ".join(answer["text"] for answer in ask["answers"])])
            if not (command := ask["answers"][self.key(ask)].get("command")):
                break
            said = self.do(**command)
        return said

    def sell(self, number, goods, *codes):
        self.do(do="basket", sale=number, lines=[GOODS[name] for name in goods.split(",")])
        for code in codes:
            self.answered(self.do(do="code", sale=number, text=code))
        while (ready := self.answered(self.do(do="prepare", sale=number)))["code"].startswith("changed_"):
            pass  # the new sum is on the display: the customer has heard it
        told = ready["told"]  # now the customer pays told["to_pay"], and the fiscal device gets the positions
        return self.do(do="pay", sale=number, quote=told["quote"]).get("told", told)

    def give_back(self, number, sale):
        told = self.do(do="return", of={"sale": sale}, whole=True, sale=number)
        return self.answered(told)["returned"]  # its question: was the money given back?


if __name__ == "__main__":
    pos = Pos(*sys.argv[1:3], key=lambda ask: int(input()))
    for words in map(str.split, sys.stdin):
        print(getattr(pos, words[0])(*words[1:])["tail"])
