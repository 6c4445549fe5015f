"""Asks a model for answers by schemas at temperature 1 and checks each with the package jsonschema.

    python3 sampled_answers.py ILLAVA MODEL_FOLDER PICTURE [--answers N] [--seed N]

Every complete answer has to be valid, and its value has to be that of its text. Answers that reach the
most tokens are counted; they have no value. The exit status is 1 when any answer is wrong.
"""

import argparse
import collections
import concurrent.futures
import json
import random
import subprocess
import sys

import jsonschema

from forms import Forms


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("model")
    parser.add_argument("picture")
    parser.add_argument("--answers", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    schemas = [form.schema for form in Forms(random.Random(options.seed)).make(200) if form.schema]

    def ask(number):
        schema = schemas[number % len(schemas)]
        command = [
            options.program, "run", "--model", options.model, "--image", options.picture,
            "--prompt", "What is there?", "--json-schema", schema, "--temperature", "1",
            "--seed", str(number), "--max-new-tokens", "200", "--threads", "1", "--json",
        ]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode != 0:
            return "failed", f"{schema}: {result.stderr[-300:]}"
        answer = json.loads(result.stdout)["questions"][0]
        if answer["finish_reason"] != "stop":
            return answer["finish_reason"], None if "value" not in answer else schema
        try:
            value = json.loads(answer["answer"])
            jsonschema.Draft202012Validator(json.loads(schema)).validate(value)
        except (ValueError, jsonschema.ValidationError) as error:
            return "invalid", f"{schema}: {answer['answer'][:200]}: {str(error)[:200]}"
        if answer.get("value") != value and value is not None:
            return "another value", f"{schema}: {answer['answer'][:200]}"
        return "valid", None

    counts = collections.Counter()
    wrong = []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for kind, message in pool.map(ask, range(options.answers)):
            counts[kind] += 1
            if message is not None:
                wrong.append(message)
    print(f"{options.answers} answers to {len(schemas)} schemas: {dict(counts)}")
    for message in wrong[:10]:
        print(message)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
