"""What is said when there is nothing to look up."""

from agents.local_model.questions import OFFER_PERSON

CAN_DO = "I can look up orders and deliveries, explain how we do things, and find products for you"

ANSWERS = {
    "thanks": "You're welcome. If anything else comes up, just write.",
    "goodbye": "Goodbye, and come back any time.",
    "affirm": "Good. What would you like me to do?",
    "deny": "All right. Tell me what you need instead, and I'll see what I can do.",
    "declined_person": "All right, I'll leave it there. If you change your mind, just say so.",
    "small_talk": "All is well here, thank you. What can I find or look up for you?",
    "out_of_scope": f"That's nothing I can help with here. {CAN_DO}.",
}

A_PROGRAM = (
    f"I'm the shop's assistant: a program, not a person. A colleague takes over whenever you want one. {CAN_DO}."
)
SOMEBODY_ELSE = (
    "I only speak with customers about their own orders and data, so I can't tell you anything about others."
)
CAPABLE = f"{CAN_DO}. I remember what you tell me you like or look for, and I can pass you to a colleague."
NOT_CERTAIN = f"I can't say that for certain, and I'd rather not guess. {OFFER_PERSON}"
NOT_UNDERSTOOD = f"I'm still not sure I understand. {OFFER_PERSON}"
NOT_UNDERSTOOD_FIRST = f"I'm not sure I understood that. {CAN_DO}; which is it? Or shall I pass this to a colleague?"


def greeting(name: str) -> str:
    """With the name, where memory has it."""
    return f"Hello{f' {name}' if name else ''}, good to have you here. What can I do for you?"
