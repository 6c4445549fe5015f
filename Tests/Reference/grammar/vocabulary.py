"""The vocabulary of a byte-level tokenizer."""

import json


def byte_alphabet():
    """The byte of every character of vocabulary files."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    table = {chr(byte): byte for byte in printable}
    table |= {chr(0x100 + place): byte for place, byte in enumerate(others)}
    return table


class Vocabulary:
    """The tokens by id, in the form that llguidance takes."""

    def __init__(self, folder, end):
        alphabet = byte_alphabet()
        table = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
        tokens = [b""] * len(table)
        for text, token in table.items():
            tokens[token] = bytes(alphabet[character] for character in text)
        added = json.loads((folder / "added_tokens.json").read_text(encoding="utf-8"))
        self.special_token_ids = sorted(added.values())
        tokens += [b""] * (max(self.special_token_ids) + 1 - len(tokens))
        for text, token in added.items():
            tokens[token] = text.encode()
        self.tokens = tokens
        self.eos_token_id = end
        self.bos_token_id = None
        self.ids = {text: token for token, text in enumerate(tokens[: len(table)])}
        self.longest = max(map(len, self.ids))

    def __call__(self, text):
        """Any way to cut a text; llguidance asks for one."""
        return self.cut(text.encode() if isinstance(text, str) else text, None)

    def cut(self, text, generator):
        """Cuts bytes into tokens: mostly the longest ones, sometimes others."""
        result = []
        place = 0
        while place < len(text):
            ends = [
                end
                for end in range(min(len(text), place + self.longest), place, -1)
                if text[place:end] in self.ids
            ]
            end = ends[0] if generator is None or generator.random() < 0.7 else generator.choice(ends)
            result.append(self.ids[text[place:end]])
            place = end
        return result
