package api_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"entente/act"
	"entente/internal/api"
	"entente/internal/national"
)

// marginStore keeps a margin in memory.
type marginStore struct {
	mu   sync.Mutex
	rows []national.Entry
}

func (m *marginStore) Add(_ context.Context, _ act.Hash, e national.Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rows = append(m.rows, e)
	return nil
}

func (m *marginStore) Each(context.Context, func(act.Hash, national.Entry) error) error { return nil }

func newMargins(t *testing.T) *national.Margins {
	t.Helper()
	m, err := national.Open(t.Context(), &marginStore{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const (
	marginPath = "/v1/g/0/e/A-1/margin"
	draftA1    = `{"act": {"act": "counter", "text": {"en": "They shall read it twice a day."}}}`
)

// noteInMargin writes one entry of each sort beside A-1, which is there, and for the group. It leaves
// nothing that would hold a text.
func noteInMargin(s *server) {
	s.t.Helper()
	for _, body := range []string{
		`{"field": "instruction", "words": {"en": "Hold firm on the frequency of readings until the minister has spoken."}}`,
		`{"field": "fallback", "words": {"en": "If pressed, settle for weekly readings with a joint report."}}`,
		`{"field": "red-line", "words": {"en": "Never more than a month."}, "line": {"kind": "number", "units": ["days"], "max": "30", "langs": ["en"]}}`,
		`{"field": "red-line", "line": {"kind": "must-not", "phrase": {"en": "may read"}}}`,
		`{"field": "red-line", "line": {"kind": "rule", "rule": "text.size() < 4000"}}`,
		`{"field": "note", "words": {"en": "Israel looked relieved."}}`,
		`{"field": "reason", "reason": "waiting", "of": "US", "words": {"en": "Instructions are asked for."}}`,
		`{"field": "never-say", "words": {"en": "Project Lantern"}}`,
	} {
		s.want(200, `"number":`, "d.reyes", "POST", marginPath, body)
	}
	s.want(200, `"revision":2`, "d.reyes", "POST", marginPath, `{"number": 1, "words": {"en": "Hold firm on the frequency of readings until Friday, whatever they offer."}}`)
	s.want(200, `"ended":true`, "d.reyes", "POST", marginPath, `{"number": 6, "end": true}`)
	s.want(200, `"number":9`, "d.reyes", "POST", "/v1/g/0/margin", `{"field": "officer", "person": "d.reyes"}`)
	s.want(200, `"field":"draft"`, "d.reyes", "POST", marginPath+"/draft", draftA1)
	s.want(200, `"number":11`, "d.reyes", "POST", marginPath, `{"field": "clearance", "person": "d.reyes"}`)
	s.want(200, `"field":"cleared"`, "d.reyes", "POST", marginPath+"/clear", `{}`)
	s.want(200, `"crossings":[]`, "d.reyes", "POST", marginPath+"/check", draftA1)
	s.want(200, `"field":"release"`, "d.reyes", "POST", marginPath+"/release", `{"words": {"en": "By telephone."}}`)
	s.want(200, `"given":{`, "d.reyes", "GET", marginPath, "")
	s.want(200, `"beside":[{"element":"A-1"`, "d.reyes", "GET", "/v1/g/0/margin", "")
}

func TestTheMarginFromEndToEnd(t *testing.T) {
	s := newServer(t)
	talk(s)
	noteInMargin(s)
	var page api.MarginPage
	if err := json.Unmarshal([]byte(s.want(200, "", "d.reyes", "GET", marginPath, "")), &page); err != nil {
		t.Fatal(err)
	}
	if len(page.Instructions) != 1 || len(page.Instructions[0].Earlier) != 1 || len(page.RedLines) != 3 || len(page.Notes) != 0 || len(page.Ended) != 1 ||
		len(page.Clearances) != 1 || page.Clearances[0].Given == nil || page.Draft == nil || !page.May.Release || len(page.Officers) != 1 {
		t.Fatalf("%+v", page)
	}
	// The draft is the text that is sent, and it has been cleared.
	s.want(200, `"sent":[{`, "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [{"act": "counter", "element": "A-1", "text": {"en": "They shall read it twice a day."}}]}`)
	s.want(403, "has not been cleared by d.reyes", "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [{"act": "counter", "element": "A-1", "text": {"en": "They shall read it thrice a day."}}]}`)
}

func TestTheGuardHoldsWhatIsSent(t *testing.T) {
	s := newServer(t)
	talk(s)
	s.want(200, "", "d.reyes", "POST", marginPath, `{"field": "fallback", "words": {"en": "If pressed, settle for weekly readings with a joint report."}}`)
	for _, c := range []string{
		`{"act": "remark", "element": "A-1", "text": {"en": "We might settle for weekly readings with a joint visit."}}`,
		`{"act": "counter", "element": "A-1", "text": {"en": "Settle for weekly readings, with a joint report."}}`,
		`{"act": "withdraw", "element": "A-1", "text": {"en": "settle for weekly readings with a joint report"}}`,
		`{"act": "counter", "element": "A-1", "title": {"en": "Settle for weekly readings with a joint"}}`,
		`{"act": "table", "kind": "goal", "title": {"en": "Other"}, "source": {"en": "settle for weekly readings with a joint report"}}`,
		`{"act": "report", "element": "A-1", "as_of": "2018-01-01", "progress": "under way", "text": {"en": "settle for weekly readings with a joint"}}`,
	} {
		out := s.want(403, `"kind":"held-back"`, "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [`+c+`]}`)
		if !strings.Contains(out, `"exit":5`) || !strings.Contains(out, "Nothing was sent") {
			t.Errorf("%s: %s", c, out)
		}
	}
	s.want(403, "national margin", "d.reyes", "POST", "/v1/groups", `{"number": 5, "name": {"en": "settle for weekly readings with a joint report"}, "parties": [], "self": {}}`)
	held := `{"act": "remark", "element": "A-1", "text": {"en": "We might settle for weekly readings with a joint visit."}}`
	s.want(200, `"held":"The remark says`, "d.reyes", "POST", marginPath+"/check", `{"act": `+held+`}`)
	s.want(422, "needs words", "d.reyes", "POST", marginPath+"/release", `{"act": `+held+`}`)
	s.want(200, `"field":"release"`, "d.reyes", "POST", marginPath+"/release", `{"act": `+held+`, "words": {"en": "The minister said so."}}`)
	s.want(200, `"sent":[{`, "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [`+held+`]}`)
	s.want(403, "held-back", "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [`+held+`]}`)
}

// TestARedLineWarnsItsOwner: a text that crosses one goes out, with a word to who sent it.
func TestARedLineWarnsItsOwner(t *testing.T) {
	s := newServer(t)
	talk(s)
	s.want(200, "", "d.reyes", "POST", marginPath, `{"field": "red-line", "words": {"en": "A month at most."}, "line": {"kind": "number", "units": ["day"], "max": "30"}}`)
	s.want(200, `"crossed":[{"number":1,"kind":"number"`, "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [{"act": "counter", "element": "A-1", "text": {"en": "They shall read it within 60 days."}}]}`)
	s.want(200, `"crossed":[{"number":1,"kind":"number"`, "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [{"act": "remark", "element": "A-1", "text": {"en": "Sixty (60) days, then."}}]}`)
	s.want(200, `"crosses":["US"]`, "d.reyes", "GET", marginPath, "")
	s.want(200, `"words":"60"`, "d.reyes", "GET", "/v1/g/0/margin", "")
	s.want(200, `"crossed":["A-1"]`, "d.reyes", "GET", "/v1/today", "")
	if out := s.want(200, "", "", "GET", "/v1/today", ""); strings.Contains(out, "crossed") {
		t.Error("the owner of the folder is told of a red line")
	}
	s.want(422, "too many steps", "d.reyes", "POST", marginPath, `{"field": "red-line", "line": {"kind": "rule", "rule": "numbers.all(a, numbers.all(b, numbers.all(c, a.value + b.value > c.value)))"}}`)
}

// TestTheMarginIsNobodyElses: to the owner of the folder, to who sits in no delegation, and to a token
// for another group, there is no margin; searches, pages and lists say nothing of it.
func TestTheMarginIsNobodyElses(t *testing.T) {
	s := newServer(t)
	talk(s)
	s.want(200, "", "d.reyes", "POST", marginPath, `{"field": "note", "words": {"en": "Lantern zzmarked"}}`)
	s.want(200, "", "d.reyes", "POST", "/v1/g/0/margin", `{"field": "note", "words": {"en": "Lantern zzmarked"}}`)
	for _, post := range []string{"", "/draft", "/clear", "/release", "/check"} {
		s.want(404, "nothing here", "k.moore", "POST", marginPath+post, `{}`)
	}
	s.want(404, "nothing here", "k.moore", "GET", marginPath, "")
	s.want(404, "nothing here", "k.moore", "GET", "/v1/g/0/margin", "")
	s.want(400, "--as PERSON", "", "GET", marginPath, "")
	token, _ := s.token(`{"person": "k.moore", "name": "x"}`)
	s.farWant(404, "nothing here", token, "GET", marginPath, "")
	own, _ := s.token(`{"person": "d.reyes", "name": "x"}`)
	s.farWant(200, "zzmarked", own, "GET", marginPath, "")
	s.farWant(403, `"rule":"scope"`, own, "POST", marginPath, `{"field": "note", "words": {"en": "x"}}`)
	for _, path := range []string{"/v1/today", "/v1/search?q=zzmarked", "/v1/search?q=Lantern", "/v1/g", "/v1/g/0", "/v1/g/0/plan", "/v1/g/0/e/A-1", "/v1/g/0/doc",
		"/v1/g/0/negotiation", "/v1/g/0/log?party=US", "/v1/g/0/text?lang=en", "/v1/exchanges", "/v1/people"} {
		if _, out := s.ask("d.reyes", "GET", path, ""); strings.Contains(out, "zzmarked") {
			t.Errorf("%s tells of the margin", path)
		}
	}
	s.want(400, "address of its own", "d.reyes", "POST", marginPath, `{"field": "release", "words": {"en": "x"}}`)
	s.want(400, "no part of the margin", "d.reyes", "POST", marginPath, `{"words": {"en": "x"}}`)
	s.want(400, "no person", "d.reyes", "POST", marginPath, `{"field": "clearance", "person": "x.nobody"}`)
	s.want(422, "no such entry", "d.reyes", "POST", marginPath, `{"number": 99, "words": {"en": "x"}}`)
	s.want(422, "no such entry", "d.reyes", "POST", "/v1/g/0/e/A-2/margin", `{"number": 1, "words": {"en": "x"}}`)
}
