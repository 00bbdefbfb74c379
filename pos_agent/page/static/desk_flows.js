// The desk's flows, in the order of its menu. Each is {id, title, right, draw} and, where it wants them, `opened()`,
// `submit()` for Enter, `scan(text)` (true: it took it), `back()` for Esc (true: it went a step back), `keys` by name,
// `shows()`: what of the till's state it draws besides. `title` is a word's name; `right`: of loyalty/staff.py.
import {CASES} from "./desk_cases.js"
import {CLAIM} from "./desk_claim.js"
import {MEMBER} from "./desk_member.js"
import {RETURN} from "./desk_return.js"

export const FLOWS = [CASES, MEMBER, RETURN, CLAIM]
