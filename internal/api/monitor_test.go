package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"entente/act"
	"entente/internal/api"
	"entente/internal/compliance"
)

const (
	agreementT1 = `{"act": "table", "kind": "agreement", "title": {"en": "Plan of action"}, "terms": {"bound": [{"en": "Iran"}],
		"conversions": [{"amount": "300", "unit": "kg{UF6}", "equals": "202.8", "in": "kg{U}"}],
		"procedure": [{"name": {"en": "Joint Commission"}, "days": 15}, {"name": {"en": "Ministers"}, "days": 15}, {"name": {"en": "Advisory board"}, "days": 15, "beside": true},
			{"name": {"en": "Joint Commission"}, "days": 5, "fixed": true, "then": {"en": "The Security Council is notified."}}]}}`
	waterO1 = `{"act": "table", "kind": "obligation", "parent": "T-1", "title": {"en": "Heavy water"}, "text": {"en": "No more than 130 tonnes."}, "watch": {"paragraph": "Annex I 14",
		"owes": {"en": "Iran"}, "quantity": "heavy_water_stock", "unit": "t", "rule": "heavy_water_stock.latest()<=130.0", "near": "heavy_water_stock.latest() >= 123.5",
		"from": "2016-01-16", "every": 90, "sources": 1}}`
	readWater = `{"element": "T-1", "sources": [{"title": "Report", "document": "GOV/2016/8", "place": "para 14", "quote": "130.9 tonnes"}, {"title": "Report", "document": "GOV/2016/55"}], "readings": [
		{"quantity": "heavy_water_stock", "value": "130.90", "unit": "t", "asOf": "2016-02-17", "reported": "2016-02-26", "grade": "A1"},
		{"quantity": "heavy_water_stock", "value": "≤130", "unit": "t", "asOf": "2016-02-24", "reported": "2016-02-26", "grade": "A1"},
		{"quantity": "heavy_water_stock", "value": "130.1", "unit": "t", "asOf": "2016-11-08", "reported": "2016-11-09", "source": 1, "note": "Told at the meeting"}]}`
)

// watchWater puts into group 0 an agreement with one obligation, and reads three times.
func watchWater(s *server) {
	s.t.Helper()
	s.want(200, `"element":"O-1.1"`, "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [`+agreementT1+`, `+waterO1+`]}`)
	s.want(200, `"act":"report"`, "d.reyes", "POST", "/v1/g/0/observations", readWater)
}

// watchAll goes through every address of what is watched once.
func watchAll(s *server) {
	s.t.Helper()
	watchWater(s)
	sent := s.want(200, `"act":"report"`, "d.reyes", "POST", "/v1/g/0/observations", `{"element": "T-1", "sources": [{"title": "Hearsay"}], "readings": [{"quantity": "heavy_water_stock", "value": "1000", "unit": "t", "asOf": "2017-01-01"}]}`)
	s.want(200, `"act":"report"`, "d.reyes", "POST", "/v1/g/0/observations/takeback", `{"element": "T-1", "batches": ["`+idOf(s, sent)+`"]}`)
	s.want(200, `"canonical":`, "d.reyes", "POST", "/v1/g/0/try", `{"parent": "T-1", "watch": {"quantity": "heavy_water_stock", "unit": "t", "rule": "heavy_water_stock.latest() <= 200.0"}}`)
	s.want(200, `"act":"attest"`, "d.reyes", "POST", "/v1/g/0/attest", `{"element": "T-1", "on": "2016-11-10"}`)
	s.want(200, `"act":"dispute"`, "d.reyes", "POST", "/v1/g/0/dispute", `{"element": "O-1.1", "step": "start", "on": "2017-12-01", "text": {"en": "More than 130 tonnes."}}`)
	s.want(200, `"act":"dispute"`, "d.reyes", "POST", "/v1/g/0/dispute", `{"element": "O-1.1", "step": "reply", "text": {"en": "It has been sold."}}`)
	s.want(200, `"element":"H-1.1"`, "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [{"act": "table", "kind": "programme", "title": {"en": "Precision"}},
		{"act": "table", "kind": "milestone", "parent": "F-1", "title": {"en": "Guidance"}, "watch": {"quantity": "guided", "unit": "1", "form": {"kind": "none", "quantity": "guided"}}},
		{"act": "table", "kind": "hypothesis", "parent": "F-1", "title": {"en": "It is for defence"}}]}`)
	s.want(200, "", "d.reyes", "POST", "/v1/g/0/observations", `{"element": "F-1", "sources": [{"title": "Seen"}], "readings": [{"quantity": "guided", "value": "1", "unit": "1", "asOf": "2017-01-01", "bears": [{"hypothesis": "H-1.1", "weight": -2}]}]}`)
	s.importFile(200, "", api.AskReadingImport{File: []byte(waterCSV), Apply: true, LeaveOut: true})
	s.want(200, `"field":"reading"`, "d.reyes", "POST", "/v1/g/0/e/O-1.1/margin/reading", `{"source": {"title": "Cable"}, "reading": {"quantity": "heavy_water_stock", "value": ">131", "unit": "t", "asOf": "2017-12-01"}}`)
}

// idOf is the id of the first act that was sent.
func idOf(s *server, out string) string {
	s.t.Helper()
	var sent api.SentActs
	if err := json.Unmarshal([]byte(out), &sent); err != nil {
		s.t.Fatal(err)
	}
	return sent.Sent[0].ID.String()
}

func (s *server) obligation(query string) (o compliance.Obligation) {
	s.t.Helper()
	if err := json.Unmarshal([]byte(s.want(200, "", "d.reyes", "GET", "/v1/g/0/monitor/O-1.1"+query, "")), &o); err != nil {
		s.t.Fatal(err)
	}
	return o
}

// TestWhatIsWatchedFromEndToEnd: what was exceeded when, and what was known of it on which day.
func TestWhatIsWatchedFromEndToEnd(t *testing.T) {
	s := newServer(t)
	watchWater(s)
	for query, want := range map[string]act.Verdict{
		"?on=2016-02-20": act.Exceeded, "?on=2016-02-25": act.Within, "?on=2016-11-09": act.Exceeded, "?on=2016-01-01": act.NotYetDue,
		"?on=2016-02-25&known=2016-02-25&by=reported": act.CannotTell, "?on=2016-02-27&known=2016-02-27&by=reported": act.Within,
		"?on=2016-02-27&known=2016-02-27": act.CannotTell, // nothing had been entered
	} {
		if o := s.obligation(query); o.Verdict != want {
			t.Errorf("%s: %s, want %s: %s", query, o.Verdict, want, o.Because)
		}
	}
	o := s.obligation("?on=2016-11-10")
	if len(o.Points) != 3 || o.Points[0].Entries[0].Source.Document != "GOV/2016/8" || o.Rule != "heavy_water_stock.latest() <= 130.0" {
		t.Errorf("%+v", o)
	}
	s.want(200, `"listed":1`, "d.reyes", "GET", "/v1/g/0/agreements/T-1?on=2016-11-10&verdict=exceeded&limit=5", "")
	s.want(200, `"cards":null`, "d.reyes", "GET", "/v1/g/0/agreements/T-1?on=2016-11-10&verdict=cannot-tell", "")
	s.want(400, "no verdict", "d.reyes", "GET", "/v1/g/0/agreements/T-1?verdict=fine", "")
	s.want(404, "", "d.reyes", "GET", "/v1/g/0/agreements/O-1.1", "")
	for _, bad := range []string{"?on=yesterday", "?by=reported", "?known=x", "?known=2016-01-01&by=rumour", "?at=R-9.closed"} {
		s.want(400, "", "d.reyes", "GET", "/v1/g/0/monitor/O-1.1"+bad, "")
	}
	s.want(404, "", "d.reyes", "GET", "/v1/g/0/monitor/O-9", "")
	s.want(404, "", "d.reyes", "GET", "/v1/g/0/monitor/T-1", "")
	// Before the readings were sent there were none, whatever their days.
	if o := s.obligation("?on=2016-11-10&at=US:4"); o.Verdict != act.CannotTell {
		t.Errorf("before they were sent: %s", o.Verdict)
	}
}

// TestWhatIsRefusedOfWhatIsWatched: every refusal is a sentence, and writes nothing.
func TestWhatIsRefusedOfWhatIsWatched(t *testing.T) {
	s := newServer(t)
	watchWater(s)
	before := s.want(200, "", "d.reyes", "GET", "/v1/g/0/log?party=US", "")
	reading := func(r string) string {
		return `{"act": "observe", "element": "T-1", "sources": [{"title": "x"}], "readings": [` + r + `]}`
	}
	for _, c := range []struct {
		status   int
		says, do string
	}{
		{422, "watched", `{"act": "observe", "element": "O-1.1", "sources": [{"title": "x"}], "readings": [{"quantity": "q", "value": "1", "unit": "t", "asOf": "2016-01-01"}]}`},
		{422, "where it was read", `{"act": "observe", "element": "T-1", "readings": [{"quantity": "q", "value": "1", "unit": "t", "asOf": "2016-01-01"}]}`},
		{422, "needs a name", `{"act": "observe", "element": "T-1", "sources": [{}], "readings": [{"quantity": "q", "value": "1", "unit": "t", "asOf": "2016-01-01"}]}`},
		{422, "day to come", reading(`{"quantity": "q", "value": "1", "unit": "t", "asOf": "2018-01-01"}`)},
		{400, "no day", reading(`{"quantity": "q", "value": "1", "unit": "t", "asOf": "2016-02-30"}`)},
		{400, "no decimal number", reading(`{"quantity": "q", "value": "about 5", "unit": "t", "asOf": "2016-01-01"}`)},
		{400, "no name of a quantity", reading(`{"quantity": "Q Q", "value": "5", "unit": "t", "asOf": "2016-01-01"}`)},
		{422, "has no unit", reading(`{"quantity": "q", "value": "5", "unit": "t{", "asOf": "2016-01-01"}`)},
		{400, "no grade", reading(`{"quantity": "q", "value": "5", "unit": "t", "asOf": "2016-01-01", "grade": "Z9"}`)},
		{400, "names source", reading(`{"quantity": "q", "value": "5", "unit": "t", "asOf": "2016-01-01", "source": 4}`)},
		{422, "none of yours", reading(`{"quantity": "q", "value": "5", "unit": "t", "asOf": "2016-01-01", "replaces": "` + strings.Repeat("ab", 32) + `.0"}`)},
		{422, "no hypothesis", reading(`{"quantity": "q", "value": "5", "unit": "t", "asOf": "2016-01-01", "bears": [{"hypothesis": "H-1", "weight": 1}]}`)},
		{403, "marked", `{"act": "observe", "element": "T-1", "marking": "TLP:RED", "sources": [{"title": "x"}], "readings": [{"quantity": "q", "value": "1", "unit": "t", "asOf": "2016-01-01"}]}`},
		{422, "no batch", `{"act": "take-back", "element": "T-1", "batches": ["` + strings.Repeat("ab", 32) + `"]}`},
		{422, "no obligation", `{"act": "dispute", "element": "T-1", "step": "start", "on": "2017-12-01", "text": {"en": "x"}}`},
		{422, "No such dispute", `{"act": "dispute", "element": "O-1.1", "step": "close", "on": "2017-12-01", "dispute": "` + strings.Repeat("ab", 32) + `", "text": {"en": "x"}}`},
		{422, "day to come", `{"act": "dispute", "element": "O-1.1", "step": "start", "on": "2018-12-01", "text": {"en": "x"}}`},
		{422, "cannot be watched", `{"act": "table", "kind": "obligation", "parent": "T-1", "title": {"en": "x"}, "watch": {"quantity": "q", "unit": "t", "rule": "q.latest() <="}}`},
		{422, "cannot be watched", `{"act": "table", "kind": "obligation", "parent": "T-1", "title": {"en": "x"}, "watch": {"quantity": "q", "unit": "t", "rule": "'a' + 'b'"}}`},
		{422, "cannot be watched", `{"act": "table", "kind": "agreement", "title": {"en": "x"}, "terms": {"conversions": [{"amount": "1", "unit": "t", "equals": "1000", "in": "kg{"}]}}`},
		{422, "No such dispute", `{"act": "table", "kind": "extension", "parent": "O-1.1", "extends": {"dispute": "` + strings.Repeat("ab", 32) + `", "stage": 1, "days": 5}}`},
		{422, "day to come", `{"act": "table", "kind": "assessment", "parent": "O-1.1", "text": {"en": "x"}, "judgement": {"verdict": "within", "asOf": "2018-12-01"}}`},
	} {
		s.want(c.status, c.says, "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [`+c.do+`]}`)
	}
	if after := s.want(200, "", "d.reyes", "GET", "/v1/g/0/log?party=US", ""); after != before {
		t.Error("something was written")
	}
}

// TestATakenBackBatchStandsNoMore, and is not taken back twice; a correction is of what stands.
func TestATakenBackBatchStandsNoMore(t *testing.T) {
	s := newServer(t)
	watchWater(s)
	wrong := idOf(s, s.want(200, "", "d.reyes", "POST", "/v1/g/0/observations", `{"element": "T-1", "sources": [{"title": "x"}], "readings": [{"quantity": "heavy_water_stock", "value": "1309", "unit": "t", "asOf": "2017-01-01"}]}`))
	if o := s.obligation("?on=2017-01-02"); o.Verdict != act.Exceeded {
		t.Fatal(o.Verdict)
	}
	right := idOf(s, s.want(200, "", "d.reyes", "POST", "/v1/g/0/observations", `{"element": "T-1", "sources": [{"title": "x"}], "readings": [{"quantity": "heavy_water_stock", "value": "120", "unit": "t", "asOf": "2017-01-01", "replaces": "`+wrong+`.0"}]}`))
	if o := s.obligation("?on=2017-01-02"); o.Verdict != act.Within {
		t.Fatal(o.Verdict)
	}
	s.want(422, "none of yours", "d.reyes", "POST", "/v1/g/0/observations", `{"element": "T-1", "sources": [{"title": "x"}], "readings": [{"quantity": "heavy_water_stock", "value": "121", "unit": "t", "asOf": "2017-01-01", "replaces": "`+wrong+`.0"}]}`)
	s.want(200, "", "d.reyes", "POST", "/v1/g/0/observations/takeback", `{"element": "T-1", "batches": ["`+right+`"]}`)
	s.want(422, "no batch", "d.reyes", "POST", "/v1/g/0/observations/takeback", `{"element": "T-1", "batches": ["`+right+`"]}`)
	if o := s.obligation("?on=2017-01-02"); o.Verdict != act.Exceeded {
		t.Error("what was corrected by a batch that was taken back stands again: ", o.Verdict)
	}
}

// TestTheMarginIsComputedWithAndStaysHere: readings of the margin count for who sees them, and in no
// attest.
func TestTheMarginIsComputedWithAndStaysHere(t *testing.T) {
	s := newServer(t)
	watchWater(s)
	attest := `{"element": "T-1", "on": "2017-12-10"}`
	first := s.want(200, `"act":"attest"`, "d.reyes", "POST", "/v1/g/0/attest", attest)
	s.want(200, `"number":1`, "d.reyes", "POST", "/v1/g/0/e/O-1.1/margin/reading", `{"source": {"title": "Cable of the embassy, number 4471"}, "reading": {"quantity": "heavy_water_stock", "value": "120", "unit": "t", "asOf": "2017-12-01"}}`)
	if o := s.obligation(""); o.Verdict != act.Within || !o.Points[len(o.Points)-1].Entries[0].Margin {
		t.Fatalf("%+v", o.Finding)
	}
	out := s.want(200, `"act":"attest"`, "d.reyes", "POST", "/v1/g/0/attest", attest)
	digest := func(out string) string {
		page := s.want(200, "", "d.reyes", "GET", "/v1/g/0/entry?party=US&id="+idOf(s, out), "")
		_, page, _ = strings.Cut(page, `"digest":"`)
		return page[:64]
	}
	if digest(first) != digest(out) {
		t.Error("a reading of the margin went into an attest")
	}
	if page := s.want(200, "", "d.reyes", "GET", "/v1/g/0/entry?party=US&id="+idOf(s, out), ""); strings.Contains(page, "within") {
		t.Error("the margin's verdict was signed: ", page)
	}
	s.want(200, `"readings":[{`, "d.reyes", "GET", "/v1/g/0/e/O-1.1/margin", "")
	s.want(403, "held-back", "d.reyes", "POST", "/v1/g/0/observations", `{"element": "T-1", "sources": [{"title": "Cable of the embassy, number 4471"}], "readings": [{"quantity": "heavy_water_stock", "value": "120", "unit": "t", "asOf": "2017-12-01"}]}`)
	public := `{"title": "Verification and monitoring in the light of a resolution"}`
	share := `{"element": "T-1", "sources": [` + public + `], "readings": [{"quantity": "heavy_water_stock", "value": "119", "unit": "t", "asOf": "2016-06-01"}]}`
	s.want(200, "", "d.reyes", "POST", "/v1/g/0/observations", share)
	s.want(200, `"number":2`, "d.reyes", "POST", "/v1/g/0/e/O-1.1/margin/reading", `{"source": `+public+`, "reading": {"quantity": "heavy_water_stock", "value": "118", "unit": "t", "asOf": "2017-12-01"}}`)
	s.want(200, "", "d.reyes", "POST", "/v1/g/0/observations", share) // the group knows that source
	s.want(200, `"ended":true`, "d.reyes", "POST", "/v1/g/0/e/O-1.1/margin/reading", `{"number": 1, "end": true}`)
	s.want(200, `"ended":true`, "d.reyes", "POST", "/v1/g/0/e/O-1.1/margin/reading", `{"number": 2, "end": true}`)
	if o := s.obligation(""); o.Verdict == act.Within {
		t.Error("an ended reading counts")
	}
	s.want(422, "watched", "d.reyes", "POST", "/v1/g/0/e/A-1/margin/reading", `{"source": {"title": "x"}, "reading": {"quantity": "q", "value": "1", "unit": "t", "asOf": "2017-12-01"}}`)
}

// TestWhatIsWatchedIsNobodyElses: to who does not sit in the group there is none of it.
func TestWhatIsWatchedIsNobodyElses(t *testing.T) {
	s := newServer(t)
	watchAll(s)
	for _, path := range []string{"/monitor", "/monitor/O-1.1", "/monitor/calendar", "/agreements/T-1", "/programmes", "/programmes/F-1"} {
		code, withheld := s.ask("k.moore", "GET", "/v1/g/0"+path, "")
		none, absent := s.ask("k.moore", "GET", "/v1/g/7"+path, "")
		if code != 404 || code != none || withheld != absent {
			t.Errorf("%s: %d %s\nnot there: %d %s", path, code, withheld, none, absent)
		}
	}
	for _, path := range []string{"/observations", "/observations/takeback", "/attest", "/dispute", "/try", "/e/O-1.1/margin/reading"} {
		if code, out := s.ask("k.moore", "POST", "/v1/g/0"+path, `{}`); code != 404 {
			t.Errorf("%s: %d %s", path, code, out)
		}
	}
}

// TestManyLookWhileOneObserves: pages with readings of the margin in them, while readings come in.
func TestManyLookWhileOneObserves(t *testing.T) {
	s := newServer(t)
	watchWater(s)
	s.want(200, "", "d.reyes", "POST", "/v1/g/0/e/O-1.1/margin/reading", `{"source": {"title": "Cable"}, "reading": {"quantity": "heavy_water_stock", "value": "118", "unit": "t", "asOf": "2017-12-01"}}`)
	g, _ := s.c.Group("0")
	who, err := s.c.Local(t.Context(), "d.reyes")
	if err != nil {
		t.Fatal(err)
	}
	desk := api.MonitorDesk{Chancery: s.c, Margins: s.Margin}
	done := make(chan struct{})
	var lookers sync.WaitGroup
	for i := range 4 {
		lookers.Go(func() {
			for {
				o, err := desk.Obligation(t.Context(), g, who, "O-1.1", api.AskMonitor{})
				boards, err2 := desk.Boards(t.Context(), g, who, api.AskMonitor{On: "2016-12-01", Known: []string{"", "2017-12-12"}[i%2]})
				if err != nil || err2 != nil || o.Verdict != act.Within || len(boards) != 1 {
					t.Error(err, err2, o.Verdict, len(boards))
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for i := range 10 {
		ask := api.Ask{Act: "observe", Element: "T-1", Sources: []act.Citation{{Title: "Seen"}},
			Readings: []api.AskReading{{Quantity: "heavy_water_stock", Value: fmt.Sprint(100 + i), Unit: "t", AsOf: fmt.Sprintf("2017-%02d-11", i+1)}}}
		if _, err := api.Send(t.Context(), g, who, ask); err != nil {
			t.Error(err)
		}
	}
	close(done)
	lookers.Wait()
}
