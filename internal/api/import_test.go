package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"entente/internal/api"
)

const smallDraft = "## Article 1\n\n1. The Parties [shall][should] meet [twice] a year].\n\n2. They keep a record.\n\n## Article 2\n\nThey may leave.\n"

// askImport is a request for a draft of the party's own.
func askImport(t *testing.T, ask api.AskImport) string {
	t.Helper()
	b, err := json.Marshal(ask)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestADraftIsTabledOnce reads a draft, tables it, and asks for the same again.
func TestADraftIsTabledOnce(t *testing.T) {
	s := newServer(t)
	ask := api.AskImport{Text: smallDraft, Own: true, First: 3}
	post := func(path string) (out api.Import) {
		t.Helper()
		if err := json.Unmarshal([]byte(s.want(200, "", "d.reyes", "POST", path, askImport(t, ask))), &out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	read := post("/v1/g/0/import/read")
	if read.Acts < 4 || read.Sent != 0 || read.First != 3 || len(read.Problems) != 1 || read.Problems[0].Line != 3 {
		t.Errorf("read as %+v, with %v", read, read.Problems)
	}
	sent, again := post("/v1/g/0/import"), post("/v1/g/0/import")
	if sent.Sent != read.Acts || again.Sent != 0 || again.There != read.Acts {
		t.Errorf("sent %+v, again %+v", sent, again)
	}
	s.want(200, "keep a record", "d.reyes", "GET", "/v1/g/0/e/C-3.2", "")
	for say, ask := range map[string]api.AskImport{
		"stand already": {Text: strings.Replace(smallDraft, "twice", "once", 1), Own: true, First: 3},
		"no words":      {Own: true},
		"no texts in":   {Text: "Words.", Lang: "fr", Own: true},
		"co-chair":      {Text: "Words."},
	} {
		s.want(422, say, "d.reyes", "POST", "/v1/g/0/import", askImport(t, ask))
	}
	s.want(400, "no form", "d.reyes", "POST", "/v1/g/0/import", askImport(t, api.AskImport{Text: "Words.", Form: "word"}))
	s.want(404, "", "k.moore", "POST", "/v1/g/0/import", askImport(t, ask))
}

func TestADraftInTwoLanguagesIsOne(t *testing.T) {
	s := newServerOf(t, "US", "United States", "he")
	ask := api.AskImport{Text: smallDraft, Own: true}
	s.want(200, `"missing":["he"]`, "d.reyes", "POST", "/v1/g/0/import/read", askImport(t, ask))
	s.want(422, "missing in עברית", "d.reyes", "POST", "/v1/g/0/import", askImport(t, ask))
	he := "## סעיף 1\n\n1. הצדדים [ייפגשו][אמורים להיפגש] [פעמיים] בשנה].\n\n2. הם ינהלו רישום.\n\n"
	ask.With = []api.AskVersion{{Lang: "he", Text: he}}
	s.want(422, "The drafts part at C 2", "d.reyes", "POST", "/v1/g/0/import", askImport(t, ask))
	ask.With[0].Text = he + "## סעיף 2\n\nהם רשאים לפרוש.\n\n## סעיף 3\n\nועוד.\n"
	s.want(422, "goes on for", "d.reyes", "POST", "/v1/g/0/import", askImport(t, ask))
	ask.With[0].Text = he + "## סעיף 2\n\nהם רשאים לפרוש.\n"
	s.want(200, `"sent":`, "d.reyes", "POST", "/v1/g/0/import", askImport(t, ask))
	s.want(200, "הם ינהלו רישום", "d.reyes", "GET", "/v1/g/0/e/C-1.2", "")
	s.want(200, "keep a record", "d.reyes", "GET", "/v1/g/0/e/C-1.2", "")
}
