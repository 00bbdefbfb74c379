"""The first sale, by hand: python first_sale.py URL TOKEN CARD"""

import sys

import requests

url, token, card = sys.argv[1:4]
http = requests.Session()
http.trust_env = False  # the till is on this machine: no proxy
http.headers["Authorization"] = f"Bearer {token}"


def call(what, **body):
    answer = http.post(f"{url}/v1/{what}", json={"sale": "1001", **body}, timeout=25).json()
    print(answer["text"])  # for the cashier; answer["code"] is for you
    return answer


call("basket", lines=[{"id": "1", "name": "Шоколад", "price": "89.90", "quantity": "3", "category": "chocolate"}])
call("code", text=card)
call("redeem", points=50)
told = call("prepare")["told"]
print("to pay:", told["to_pay"], [line["positions"] for line in told["lines"]])
call("pay", quote=told["quote"])  # the customer has paid
