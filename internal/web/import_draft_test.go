package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const smallDraft = "## Article 1\n\n1. The Parties [shall][should] meet [twice] a year].\n\n2. They keep a record.\n\n## Article 2\n\nThey may leave.\n"

const smallHebrew = "## סעיף 1\n\n1. הצדדים [ייפגשו][אמורים להיפגש] [פעמיים] בשנה].\n\n2. הם ינהלו רישום.\n\n## סעיף 2\n\nהם רשאים לפרוש.\n"

func TestADraftIsReadThenSent(t *testing.T) {
	x := play(t)
	b := x.us.signedIn()
	b.get("/g/1/import").has(http.StatusOK, "Import a draft", "The text of United States")
	b.post("/g/1/import", url.Values{"text-en": {" "}}).has(http.StatusUnprocessableEntity, "Choose a file or paste a text")
	b.post("/g/1/import", url.Values{"text-en": {"Words."}, "first": {"none"}}).has(http.StatusUnprocessableEntity, "Write a number from 1")
	b.post("/g/1/import", url.Values{"text-en": {smallDraft}, "text-he": {"מילים."}}).has(http.StatusUnprocessableEntity, "The drafts part at")
	b.post("/g/1/import", url.Values{"text-en": {"Words."}, "as": {"chair"}, "do": {"send"}}).has(http.StatusUnprocessableEntity, "not held any more")
	b.post("/g/1/import", url.Values{"text-en": {smallDraft}}).has(http.StatusOK, "It is missing in")
	read := b.post("/g/1/import", url.Values{"text-en": {smallDraft}, "text-he": {smallHebrew}, "as": {"own"}})
	read.has(http.StatusOK, "What was understood", "Nothing has been sent yet.", "Article 1", "One place was not understood", "line 3, column", "It goes in one piece")
	b.get("/g/1/e/C-1.1").has(http.StatusNotFound)
	token := read.hidden("token")
	sent := b.post("/g/1/import", url.Values{"token": {token}, "do": {"send"}})
	sent.has(http.StatusOK, "The draft has been sent.", "keep a record")
	b.get("/g/1/e/C-1.2").has(http.StatusOK, "keep a record")
	b.post("/g/1/import", url.Values{"token": {token}, "do": {"send"}}).has(http.StatusUnprocessableEntity, "not held any more")
	x.carry()
	x.il.signedIn().get("/g/1/doc?at=C-1").has(http.StatusOK, "keep a record")
}

func TestADraftThatRepeatsTheMarginIsHeldWhole(t *testing.T) {
	_, b := instructed(t)
	read := b.post("/g/1/import", url.Values{"text-en": {smallDraft + "\n" + overlap + "\n"}, "text-he": {smallHebrew + "\nועוד מילים.\n"}, "as": {"own"}})
	sent := b.post("/g/1/import", url.Values{"token": {read.hidden("token")}, "do": {"send"}})
	sent.has(http.StatusForbidden, "stands in your national margin")
	b.get("/g/1/e/C-1").has(http.StatusNotFound)
	if strings.Count(sent.body, `name="token"`) != 1 {
		t.Error("the draft is not held any more")
	}
}
