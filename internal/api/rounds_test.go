package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"entente/act"
	"entente/internal/api"
	"entente/internal/national"
	"entente/plan"
	"entente/text"
)

// TestRoundsOfTalks proposes, opens and closes a round by requests, and asks for all that is told of it.
func TestRoundsOfTalks(t *testing.T) {
	s := newServer(t)
	send := func(status int, body, want string) {
		t.Helper()
		if code, out := s.ask("d.reyes", "POST", "/v1/g/0/acts", `{"acts":[`+body+`]}`); code != status || !strings.Contains(out, want) {
			t.Fatalf("%s: %d %s", body, code, out)
		}
	}
	send(http.StatusOK, `{"act":"table","kind":"round","title":{"en":"First round"},"text":{"en":"1. Sites"},"opens":"2017-12-12","closes":"2017-12-13"}`, `"R-1"`)
	send(http.StatusOK, `{"act":"table","kind":"goal","title":{"en":"A goal"},"text":{"en":"One."}}`, `"G-1"`)
	send(http.StatusOK, `{"act":"open","element":"R-1","present":[{"party":"US","person":"d.reyes"}]}`, `"R-1"`)
	send(http.StatusOK, `{"act":"counter","element":"G-1","text":{"en":"Two."}}`, `"G-1"`)
	send(http.StatusOK, `{"act":"close","element":"R-1"}`, `"R-1"`)
	send(http.StatusUnprocessableEntity, `{"act":"close","element":"R-1"}`, "round-closed")
	for path, want := range map[string]string{
		"/v1/g/0/rounds":     `"state":"closed"`,
		"/v1/g/0/rounds/R-1": `"agenda":`,
		"/v1/g/0/course":     `"name":"R-1.opened"`,
		"/v1/g/0/changes?from=R-1.opened&to=R-1.closed": `"what":"re`,
		"/v1/g/0/changes?from=US:1&party=US&limit=1":    `"more":true`,
		"/v1/g/0/doc?at=R-1.opened":                     `"text":"One."`,
		"/v1/g/0/plan?at=R-1.opened":                    `"exact":true`,
		"/v1/g/0/e/G-1?at=2017-12-12T09:00":             `withheld`,
		"/v1/g/0/e/G-1?at=R-1.opened":                   `"text":"One."`,
		"/v1/g/0/board?sort=since":                      `"brackets":`,
		"/v1/board":                                     `"group":"0"`,
		"/v1/g/0/rounds/R-2":                            "withheld",
		"/v1/g/0/rounds/G-1":                            "withheld",
		"/v1/g/0/changes":                               "bad-request",
		"/v1/g/0/changes?from=R-7.opened":               "bad-request",
		"/v1/g/0/doc?at=yesterday":                      "bad-request",
		"/v1/g/0/board?kind=nothing":                    "bad-request",
		"/v1/g/0/board?in=waiting":                      `"total":0`,
	} {
		if code, out := s.ask("d.reyes", "GET", path, ""); !strings.Contains(out, want) {
			t.Errorf("%s: %d %s", path, code, out)
		}
	}
	if _, out := s.ask("d.reyes", "GET", "/v1/g/0/e/G-1?at=R-1.opened", ""); strings.Contains(out, `"choices"`) {
		t.Errorf("something can be done in the past: %s", out)
	}
}

// TestAwaited: what waits for instructions by the margin is told, and nothing else that stands there.
func TestAwaited(t *testing.T) {
	m := newMargins(t)
	group, hand, now := act.Hash{1}, national.Hand{Person: "d.reyes"}, time.Date(2017, 12, 12, 9, 0, 0, 0, time.UTC)
	for _, e := range []national.Entry{
		{Field: national.Bracket, Element: "G-1", Body: national.Body{Reason: national.Waiting, Words: text.Texts{{Lang: "en", Text: "Asked the capital."}}}},
		{Field: national.Bracket, Element: "G-2", Body: national.Body{Reason: national.Tactical}},
		{Field: national.Note, Element: "G-3", Body: national.Body{Words: text.Texts{{Lang: "en", Text: "waiting"}}}},
	} {
		if _, err := m.Write(t.Context(), group, hand, now, e); err != nil {
			t.Fatal(err)
		}
	}
	marked := api.Awaited(m, group)
	if mark, is := marked["G-1"]; !is || mark != (plan.Mark{Since: now.UnixMilli(), Note: "Asked the capital."}) {
		t.Errorf("%v, %+v", is, mark)
	}
	for _, ref := range []act.Ref{"G-2", "G-3", "G-4", ""} {
		if _, is := marked[ref]; is {
			t.Errorf("%q is said to wait", ref)
		}
	}
	if _, is := api.Awaited(m, act.Hash{2})["G-1"]; is {
		t.Error("another group is said to wait")
	}
}
