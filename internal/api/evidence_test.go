package api_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"entente/internal/api"
	"entente/internal/compliance"
	"entente/internal/evidence"
)

// TestAVerdictWithItsEvidence: one file of the moment asked for, by the acts alone; nothing for what is not
// agreed, not watched, or of another moment of the plan.
func TestAVerdictWithItsEvidence(t *testing.T) {
	s := newServer(t)
	watchAll(s)
	for query, want := range map[string]compliance.Verdict{"?on=2016-02-20": compliance.Exceeded, "?on=2016-02-20&known=2016-02-20": compliance.CannotTell, "": compliance.Disputed} {
		r := httptest.NewRequest("GET", "/v1/g/0/evidence/O-1.1"+query, nil)
		r.Header.Set(api.PersonHeader, "d.reyes")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		file := w.Body.String()
		report, again := evidence.Examine(strings.NewReader(file), s.c.Card())
		if !report.Valid || again == nil || again.Here != want {
			t.Errorf("%q: %s %+v", query, report.Answer, report.Checks)
		}
		if strings.Contains(file, "Cable") {
			t.Errorf("%q: the file has words of the margin", query)
		}
	}
	s.want(400, "the plan as it stands", "d.reyes", "GET", "/v1/g/0/evidence/O-1.1?at=US:9", "")
	s.want(400, "", "d.reyes", "GET", "/v1/g/0/evidence/O-1.1?on=yesterday", "")
	for _, ref := range []string{"T-1", "O-9", "H-1.1"} {
		s.want(404, "", "d.reyes", "GET", "/v1/g/0/evidence/"+ref, "")
	}
	code, withheld := s.ask("k.moore", "GET", "/v1/g/0/evidence/O-1.1", "")
	none, absent := s.ask("k.moore", "GET", "/v1/g/7/evidence/O-1.1", "")
	if code != 404 || code != none || withheld != absent {
		t.Errorf("%d %s\nnot there: %d %s", code, withheld, none, absent)
	}
}

// TestWhatIsNotAgreedHasNoEvidence: what one side proposes is no verdict that is shown.
func TestWhatIsNotAgreedHasNoEvidence(t *testing.T) {
	us, il := newServer(t), newServerOf(t, "IL", "Israel")
	linkAll(t, us, il)
	us.want(200, `"O-1.1"`, "d.reyes", "POST", "/v1/g/3/acts", `{"acts": [{"act": "table", "kind": "agreement", "title": {"en": "Plan of action"}},
		{"act": "table", "kind": "obligation", "parent": "T-1", "title": {"en": "Water"}, "watch": {"quantity": "water", "unit": "t", "rule": "water.latest() <= 130.0"}}]}`)
	us.want(422, "is not agreed yet", "d.reyes", "GET", "/v1/g/3/evidence/O-1.1", "")
}
