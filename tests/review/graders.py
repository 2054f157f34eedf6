"""Graders with a class open, who ask the page without a browser."""

from html.parser import HTMLParser

from starlette.testclient import TestClient

from coursekit.grading.gradebook.decisions import decided
from coursekit.review.app import make_app

ADDRESS = "http://127.0.0.1:8701"


class Told:
    """Stands where the results are written, and counts how often they would be."""

    trouble = ""

    def __init__(self):
        self.times = 0

    def changed(self):
        self.times += 1


class Grader:
    """Somebody with the page open."""

    def __init__(self, desk):
        self.desk, self.told = desk, Told()
        app = make_app(desk, "the-token", ADDRESS, pages=self.told)
        self.client = TestClient(app, base_url=ADDRESS, raise_server_exceptions=True)
        assert self.client.get("/?token=the-token").status_code == 200

    def tag(self, student):
        return next(r.tag for r in self.desk.classroom.rows() if r.mark.student == student)

    def row(self, student):
        return next(r for r in self.desk.classroom.rows() if r.mark.student == student)

    def page(self, address, **asked):
        answer = self.client.get(address, params=asked)
        assert answer.status_code == 200, answer.text
        return answer.text

    def shown(self, **asked):
        """The students in the table, in its order."""
        names = []

        class Rows(HTMLParser):
            inside = False

            def handle_starttag(self, tag, attributes):
                self.inside = tag == "a" and dict(attributes).get("class") == "row"

            def handle_data(self, text):
                if self.inside:
                    names.append(text)
                    self.inside = False

        Rows().feed(self.page("/", **asked))
        return names

    def send(self, path, **sent):
        return self.client.post(path, json=sent, headers={"origin": ADDRESS})

    def decide(self, student, kind, value, function="", seen=0, **more):
        return self.send(
            "/decide", student=self.tag(student), kind=kind, value=value, function=function,
            seen=seen, **more,
        )  # fmt: skip

    def undo(self, student, change):
        return self.send("/undo", student=self.tag(student), change=change)

    def history(self, student):
        """How many decisions about a student are on record."""
        return len(decided(self.desk.book, student, self.desk.asked.name))
