"""Asks through the clients of OpenAI and Ollama, and replays the requests of other programs.

usage: clients.py ADDRESS EXAMPLES MODEL
"""

import base64
import json
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import ollama
import openai

address, examples, model_folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
CLOCK = (examples / "clock.png").read_bytes()
FILM = (examples / "duck-first.mp4").read_bytes()
DESCRIPTION = "There is a clock at the bottom left and an orange triangle at the bottom center."
SCHEMA = {
    "type": "object",
    "properties": {"title": {"type": "string", "maxLength": 20}, "level": {"type": "integer", "minimum": 0, "maximum": 2}},
    "required": ["title", "level"],
    "additionalProperties": False,
}


def url(data, kind="image/png"):
    return f"data:{kind};base64," + base64.b64encode(data).decode()


def picture(data=CLOCK):
    return {"type": "image_url", "image_url": {"url": url(data)}}


def post(path, body, headers=None):
    request = urllib.request.Request(
        address + path, json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})}
    )
    with urllib.request.urlopen(request, timeout=120) as reply:
        return json.loads(reply.read())


def get(path):
    with urllib.request.urlopen(address + path, timeout=20) as reply:
        return json.loads(reply.read())


def ask_openai():
    client = openai.OpenAI(base_url=address + "/v1", api_key="none", max_retries=0)
    assert [model.id for model in client.models.list().data] == ["demo"]
    question = [{"role": "user", "content": [{"type": "text", "text": "Describe the picture."}, picture()]}]

    answer = client.chat.completions.create(model="demo", messages=question)
    assert answer.choices[0].message.content == DESCRIPTION, answer
    assert answer.choices[0].finish_reason == "stop"
    usage = answer.usage
    assert usage.prompt_tokens + usage.completion_tokens == usage.total_tokens, usage
    assert 0 < usage.prompt_tokens_after_merging < usage.prompt_tokens, usage
    outbox = get(f"/jobs/{answer.id.removeprefix('chatcmpl-')}/files/answer.json")
    assert outbox["questions"][0]["answer"] == DESCRIPTION and outbox["pictures"] == []

    pieces = list(
        client.chat.completions.create(model="demo", messages=question, stream=True, stream_options={"include_usage": True})
    )
    text = "".join(piece.choices[0].delta.content or "" for piece in pieces if piece.choices)
    assert text == DESCRIPTION, text
    assert pieces[-1].usage.completion_tokens > 5 and pieces[-2].choices[0].finish_reason == "stop"

    stopped = client.chat.completions.create(model="demo", messages=question, stop=[" and"], store=False)
    assert stopped.choices[0].message.content == "There is a clock at the bottom left", stopped
    forgotten = stopped.id.removeprefix("chatcmpl-")
    for _ in range(50):
        try:
            get(f"/jobs/{forgotten}/files/answer.json")
            time.sleep(0.1)
        except urllib.error.HTTPError as error:
            assert error.code == 404
            break
    else:
        raise AssertionError("an answer that was not to be stored is still there")

    bound = client.chat.completions.create(
        model="demo", messages=question, logprobs=True, top_logprobs=2, max_completion_tokens=60,
        response_format={"type": "json_schema", "json_schema": {"name": "event", "strict": True, "schema": SCHEMA}},
    )
    value = json.loads(bound.choices[0].message.content)
    assert set(value) == {"title", "level"} and value["level"] in (0, 1, 2), value
    assert len(bound.choices[0].logprobs.content) > 3
    assert all(len(token.top_logprobs) <= 2 for token in bound.choices[0].logprobs.content)

    several = client.chat.completions.create(
        model="demo", messages=[{"role": "user", "content": [picture(), picture(), picture(), {"type": "text", "text": "What is there?"}]}]
    )
    assert several.usage.visual_tokens == 3 * usage.visual_tokens, several.usage
    film = client.chat.completions.create(
        model="demo",
        messages=[{"role": "user", "content": [
            {"type": "text", "text": "What appears first?"}, {"type": "video_url", "video_url": {"url": url(FILM, "video/mp4")}}]}],
    )
    assert film.choices[0].message.content == "a duck", film
    talk = client.chat.completions.create(
        model="demo",
        messages=[*question, {"role": "assistant", "content": DESCRIPTION}, {"role": "user", "content": "What color is the triangle?"}],
        extra_body={"illava": {"choices": ["orange", "blue"]}},
    )
    assert talk.choices[0].message.content in ("orange", "blue"), talk

    try:
        client.chat.completions.create(model="gpt-4o", messages=question)
        raise AssertionError("a model that is not there was not refused")
    except openai.NotFoundError as error:
        assert error.code == "model_not_found" and "demo" in error.message
    broken = [{"role": "user", "content": [{"type": "text", "text": "?"}, picture(b"no picture at all")]}]
    try:
        client.chat.completions.create(model="demo", messages=broken)
        raise AssertionError("what is no picture was not refused")
    except openai.BadRequestError as error:
        assert error.type == "invalid_request_error" and error.code.startswith("media."), error.code


def ask_ollama():
    client = ollama.Client(host=address)
    assert [model.model for model in client.list().models] == ["demo:latest"]
    assert "vision" in client.show("demo").capabilities
    chat = client.chat(model="demo", messages=[{"role": "user", "content": "Describe the picture.", "images": [CLOCK]}])
    assert chat.message.content == DESCRIPTION and chat.done_reason == "stop" and chat.eval_count > 5
    pieces = list(client.chat(model="demo:latest", stream=True, messages=[{"role": "user", "content": "Describe the picture.", "images": [CLOCK]}]))
    assert "".join(piece.message.content for piece in pieces) == DESCRIPTION and pieces[-1].done
    answer = client.generate(model="demo", prompt="What is it?", images=[CLOCK], format=SCHEMA, options={"num_predict": 60, "temperature": 0.5, "seed": 1})
    assert set(json.loads(answer.response)) == {"title", "level"}, answer.response
    assert client.generate(model="demo", keep_alive="5m").done_reason == "load"
    try:
        client.chat(model="llava", messages=[])
        raise AssertionError("a model that is not there was not refused")
    except ollama.ResponseError as error:
        assert error.status_code == 404 and "demo" in error.error


def replay():
    """Bodies as other programs build them, with a picture of the right kind."""
    b64 = base64.b64encode(CLOCK).decode()
    frigate = post("/v1/chat/completions", {
        "model": "demo", "response_format": {"type": "json_schema", "json_schema": {"name": "review", "strict": True, "schema": SCHEMA}},
        "messages": [{"role": "user", "content": [{"type": "text", "text": "What happens?"}] + [
            {"type": "image_url", "image_url": {"url": url(CLOCK, "image/jpeg"), "detail": "low"}}] * 2}],
    }, {"Authorization": "Bearer key"})
    assert json.loads(frigate["choices"][0]["message"]["content"])
    frigate = post("/api/generate", {
        "model": "demo", "prompt": "What happens?", "stream": False, "images": [b64, b64], "format": SCHEMA,
        "options": {"temperature": 0.5, "repeat_penalty": 1.05, "presence_penalty": 0.3},
    })
    assert json.loads(frigate["response"])
    vision = post("/v1/chat/completions", {
        "model": "demo", "max_tokens": 100, "temperature": 0.2,
        "messages": [{"role": "user", "content": [
            {"type": "text", "text": "Image 1:"}, {"type": "image_url", "image_url": {"url": url(CLOCK, "image/jpeg"), "detail": "high"}},
            {"type": "text", "text": "Describe the picture."}]}],
    })
    assert vision["choices"][0]["message"]["content"]
    vision = post("/api/chat", {
        "model": "demo", "stream": False, "options": {"num_predict": 100, "temperature": 0.2},
        "messages": [{"role": "user", "content": "Image 1:", "images": [b64]}, {"role": "user", "content": "Describe the picture."}],
    })
    assert vision["message"]["content"]
    # Open WebUI asks for titles without a picture, and sends members of its own.
    title = post("/v1/chat/completions", {
        "model": "demo", "stream": False, "max_completion_tokens": 20, "metadata": {"task": "title_generation"},
        "messages": [{"role": "user", "content": "Write a title for this talk."}],
    })
    assert title["usage"]["visual_tokens"] == 0
    assert get("/api/version")["version"] and get("/health") == {"status": "ok"} and get("/props")["total_slots"] == 1


for part in (ask_openai, ask_ollama, replay):
    begun = time.time()
    part()
    print(f"{part.__name__}: {time.time() - begun:.1f} s")
