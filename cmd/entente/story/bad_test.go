package story

import (
	"strings"
	"testing"

	"entente/cmd/entente/stories"
)

// small is a whole story of one paragraph, to be spoilt in one place.
const small = `{
"id": "small", "title": {"en": "Plan"}, "notice": {"en": "Invented."}, "languages": ["en"], "date": "2017-12-01T09:00:00Z",
"parties": [
 {"code": "US", "names": {"en": "United States"}, "zone": "America/New_York", "capital": {"en": "Washington"}, "languages": ["en"],
  "people": [{"id": "a.one", "name": {"en": "A"}, "role": {"en": "Head"}, "agency": {"en": "State"}, "powers": ["propose", "accept", "remark"]}]},
 {"code": "IL", "names": {"en": "Israel"}, "zone": "Asia/Jerusalem", "capital": {"en": "Jerusalem"}, "languages": ["en"],
  "people": [{"id": "b.two", "name": {"en": "B"}, "role": {"en": "Head"}, "agency": {"en": "State"}, "powers": ["propose", "accept", "remark"]},
             {"id": "c.three", "name": {"en": "C"}, "role": {"en": "Legal"}, "agency": {"en": "State"}, "powers": ["remark"]}]}],
"groups": [{"number": 0, "name": {"en": "Plenary"}, "terms": {"en": "All."}, "parties": ["US", "IL"], "chairs": [{"party": "US", "person": "a.one"}], "marking": "TLP:AMBER REL IL, US"}],
"steps": [
 {"at": "2017-12-02T09:00:00Z", "party": "US", "by": "a.one", "group": 0, "act": "table", "element": "S-1", "kind": "statement", "title": {"en": "Speech"}, "source": {"en": "Invented."},
  "said_by": {"en": "Somebody"}, "said_on": "2017-10-13", "body": {"en": ["One thing.", "Another thing."]}},
 {"at": "2017-12-02T09:01:00Z", "party": "US", "by": "a.one", "group": 0, "act": "table", "element": "P-1", "kind": "passage", "title": {"en": "Thing"}, "source": {"en": "Invented."},
  "parent": "S-1", "paragraph": 2, "quote": "Another"},
 {"at": "2017-12-02T09:02:00Z", "party": "US", "by": "a.one", "group": 0, "act": "table", "element": "A-1", "kind": "action", "title": {"en": "Do"}, "source": {"en": "Invented."},
  "text": {"en": "It shall be done."}, "lead": ["US"], "support": ["IL"], "due": "2017-12-19", "cites": ["P-1"]},
 {"at": "2017-12-03T09:00:00Z", "party": "IL", "by": "b.two", "group": 0, "act": "accept", "element": "S-1", "of": "US"},
 {"at": "2017-12-03T09:01:00Z", "party": "IL", "by": "b.two", "group": 0, "act": "accept", "element": "P-1", "of": "US"},
 {"at": "2017-12-03T09:02:00Z", "party": "IL", "by": "c.three", "group": 0, "act": "remark", "element": "A-1", "sort": "comment", "text": {"en": "Soon."}}],
"settle": [
 {"at": "2017-12-04T09:00:00Z", "party": "IL", "by": "b.two", "group": 0, "act": "accept", "element": "A-1", "of": "US"},
 {"at": "2017-12-04T09:01:00Z", "party": "IL", "by": "b.two", "group": 0, "act": "report", "element": "A-1", "as_of": "2017-12-04", "progress": "under way", "text": {"en": "Begun."}}]
}`

func TestBadStories(t *testing.T) {
	if _, err := Parse([]byte(small)); err != nil {
		t.Fatalf("the story that is spoilt below is itself wrong: %v", err)
	}
	for _, c := range []struct{ name, old, new, want string }{
		{"unknown field", `"due":`, `"deadline": "", "due":`, "deadline"},
		{"repeated name", `"notice":`, `"title": {"en": "X"}, "notice":`, "line 2: the name \"title\" is repeated"},
		{"capitals", `"due":`, `"Due":`, "not in small letters"},
		{"after the end", "}]\n}", "}]\n} {}", "more after the end"},
		{"wrong type", `"paragraph": 2`, `"paragraph": "2"`, "line"},
		{"cut off", "}]\n}", "}]", "EOF"},
		{"no text", `{"en": "It shall be done."}`, `{}`, "steps[2], table A-1: text: the en text is missing"},
		{"another language", `{"en": "It shall be done."}`, `{"en": "It shall be done.", "he": "x"}`, "not one of the story's"},
		{"bidi override", `It shall`, "It \u202e shall", "U+202E"},
		{"not NFC", `It shall`, "It shalle\u0301", "U+0301"},
		{"outer space", `"It shall be done."`, `"It shall be done. "`, "space"},
		{"bad reference", `"element": "A-1", "kind"`, `"element": "a-1", "kind"`, "no reference"},
		{"wrong letter", `"element": "A-1", "kind"`, `"element": "W-1", "kind"`, "begins with A"},
		{"bad day", `"2017-12-19"`, `"2017-02-30"`, "no day"},
		{"bad time", `"2017-12-02T09:01:00Z"`, `"2 December"`, "steps[1], table P-1"},
		{"time goes back", `"2017-12-02T09:01:00Z"`, `"2017-12-01T10:00:00Z"`, "not after"},
		{"unknown zone", `Asia/Jerusalem`, `Asia/Nowhere`, "Nowhere"},
		{"unknown power", `["remark"]`, `["sign"]`, "power"},
		{"no power", `"by": "b.two", "group": 0, "act": "accept", "element": "A-1"`, `"by": "c.three", "group": 0, "act": "accept", "element": "A-1"`, "lacks the power to accept"},
		{"nobody of that name", `"by": "c.three"`, `"by": "d.four"`, "not there"},
		{"unknown act", `"act": "report"`, `"act": "sign"`, "the act is one of"},
		{"unknown group", `"group": 0, "act": "report"`, `"group": 1, "act": "report"`, "does not sit"},
		{"no group", `"group": 0, "act": "report"`, `"act": "report"`, "the group is missing"},
		{"unknown kind", `"kind": "action"`, `"kind": "task"`, "no kind"},
		{"quotation not there", `"quote": "Another"`, `"quote": "Other"`, "do not stand in paragraph 2"},
		{"paragraph not there", `"paragraph": 2`, `"paragraph": 3`, "do not stand in paragraph 3"},
		{"passage of nothing", `"parent": "S-1"`, `"parent": "S-2"`, "S-2 is not tabled"},
		{"cites no passage", `["P-1"]`, `["S-1"]`, "S-1 is no passage"},
		{"cites what was set aside", `"quote": "Another"`, `"quote": "Another", "aside": {"en": "Why."}`, "set aside"},
		{"no lead", `"lead": ["US"], `, ``, "lead"},
		{"leads and supports", `"support": ["IL"]`, `"support": ["US"]`, "not both"},
		{"stranger leads", `"lead": ["US"]`, `"lead": ["FR"]`, "FR does not sit"},
		{"amount of an action", `"due":`, `"amount": "2", "due":`, "amount"},
		{"content in an acceptance", `"element": "P-1", "of"`, `"element": "P-1", "kind": "passage", "of"`, "kind"},
		{"accepts of nobody", `"element": "A-1", "of": "US"`, `"element": "A-1"`, "“of”"},
		{"accepts its own", `"element": "A-1", "of": "US"`, `"element": "A-1", "of": "IL"`, "no text of IL"},
		{"accepts twice", `"act": "remark", "element": "A-1", "sort": "comment", "text": {"en": "Soon."}`, `"act": "accept", "element": "P-1", "of": "US"`, "lacks the power"},
		{"accepts a text again", `"element": "A-1", "of": "US"`, `"element": "P-1", "of": "US"`, "comes to a text once"},
		{"withdraws nothing", `"act": "report", "element": "A-1", "as_of": "2017-12-04", "progress": "under way"`, `"act": "withdraw", "element": "A-2"`, "nobody has tabled"},
		{"unknown sort", `"sort": "comment"`, `"sort": "question"`, "sort"},
		{"unknown progress", `"under way"`, `"going"`, "progress"},
		{"marking too narrow", `"due":`, `"marking": "TLP:RED", "due":`, "narrower"},
		{"unknown marking", `TLP:AMBER REL`, `TLP:BLUE REL`, "BLUE"},
		{"chair from elsewhere", `"person": "a.one"}]`, `"person": "b.two"}]`, "chair"},
		{"group number", `"number": 0`, `"number": 1`, "numbered from 0"},
		{"party twice", `"code": "IL"`, `"code": "US"`, "twice"},
		{"still open", `{"at": "2017-12-04T09:00:00Z", "party": "IL", "by": "b.two", "group": 0, "act": "accept", "element": "A-1", "of": "US"},`, ``, "A-1 of group 0 is still open"},
	} {
		t.Run(c.name, func(t *testing.T) {
			spoilt := strings.Replace(small, c.old, c.new, 1)
			if spoilt == small {
				t.Fatal("nothing was spoilt")
			}
			_, err := Parse([]byte(spoilt))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v; it should say %q", err, c.want)
			}
		})
	}
}

// talks is the small story with what is done at the table, to be spoilt in one place.
func talks(t *testing.T) string {
	t.Helper()
	s := small
	for _, c := range []struct{ old, new string }{
		{`"languages": ["en"],
  "people": [{"id": "a.one"`, `"languages": ["en"], "rest": ["sunday"], "holidays": [{"on": "2017-12-25", "name": {"en": "Christmas Day"}}],
  "people": [{"id": "a.one"`},
		{`"powers": ["remark"]`, `"powers": ["remark", "certify"]`},
		{`"marking": "TLP:AMBER REL IL, US"`, `"marking": "TLP:AMBER REL IL, US", "silence": {"hours": 72, "kinds": ["action"]}, "in_step": true`},
		{`"element": "A-1", "kind"`, `"element": "A-1", "until": "2017-12-11T09:00:00Z", "kind"`},
		{`"sort": "comment", "text": {"en": "Soon."}}],`, `"sort": "scrutiny", "text": {"en": "Soon."}},
 {"at": "2017-12-03T09:03:00Z", "party": "IL", "by": "b.two", "group": 0, "act": "refer", "element": "A-1", "of": "US", "until": "2017-12-20T09:00:00Z", "role": {"en": "Head"}},
 {"at": "2017-12-03T09:04:00Z", "party": "IL", "by": "c.three", "group": 0, "act": "certify", "element": "A-1", "of": "US"},
 {"at": "2017-12-03T09:05:00Z", "party": "US", "by": "a.one", "group": 0, "act": "table", "element": "R-1", "kind": "round", "title": {"en": "Round"}, "text": {"en": "All."}, "source": {"en": "Invented."}, "opens": "2017-12-03", "closes": "2017-12-04"},
 {"at": "2017-12-03T09:06:00Z", "party": "US", "by": "a.one", "group": 0, "act": "sit", "element": "R-1", "sits": "opens", "present": [{"party": "IL", "person": "b.two"}]},
 {"at": "2017-12-03T09:07:00Z", "party": "US", "by": "a.one", "group": 0, "act": "table", "element": "K-1", "kind": "package", "title": {"en": "Both"}, "text": {"en": "Both."}, "source": {"en": "Invented."}, "contains": [{"element": "A-1", "of": "US"}, {"element": "R-1", "of": "US"}]}],`},
		{`"act": "accept", "element": "A-1", "of": "US"`, `"act": "accept", "element": "K-1", "of": "US"`},
		{`"text": {"en": "Begun."}}]`, `"text": {"en": "Begun."}}],
"margin": [{"party": "US", "by": "a.one", "group": 0, "element": "A-1", "field": "red-line", "line": {"units": ["days"], "min": "14"}},
 {"party": "US", "by": "a.one", "group": 0, "field": "note", "words": {"en": "Hold."}}]`},
	} {
		if !strings.Contains(s, c.old) {
			t.Fatalf("nothing to change: %s", c.old)
		}
		s = strings.Replace(s, c.old, c.new, 1)
	}
	return s
}

func TestBadTalks(t *testing.T) {
	talks := talks(t)
	s, err := Parse([]byte(talks))
	if err != nil {
		t.Fatalf("the story that is spoilt below is itself wrong: %v", err)
	}
	if n := s.Tally(false); n.Waiting != 1 || n.Agreed != 0 || n.Reserved != 1 || n.PerKind["package"] != 1 {
		t.Errorf("counts: %+v", n)
	}
	for _, c := range []struct{ name, old, new, want string }{
		{"no day of the week", `["sunday"]`, `["domingo"]`, "no day of the week"},
		{"no holiday", `"2017-12-25"`, `"2017-13-25"`, "no day"},
		{"silence without hours", `"hours": 72`, `"hours": 0`, "has hours"},
		{"silence on a package", `"kinds": ["action"]`, `"kinds": ["package"]`, "no kind that can be under silence"},
		{"kind not allowed", `"kinds": ["action"]`, `"kinds": ["clause"]`, "no such silence"},
		{"silence too short", `"2017-12-11T09:00:00Z"`, `"2017-12-05T09:00:00Z"`, "no such silence"},
		{"silence that is over", `"2017-12-11T09:00:00Z"`, `"2017-12-01T09:00:00Z"`, "not ahead"},
		{"silence by who is no chair", `"chairs": [{"party": "US", "person": "a.one"}]`, `"chairs": []`, "does not co-chair"},
		{"no time for the capital", `"until": "2017-12-20T09:00:00Z", `, ``, "until"},
		{"no role", `, "role": {"en": "Head"}`, ``, "role"},
		{"refers to nothing", `"act": "refer", "element": "A-1", "of": "US"`, `"act": "refer", "element": "A-1", "of": "IL"`, "holds no text"},
		{"certifies without the power", `["remark", "certify"]`, `["remark"]`, "lacks the power to certify"},
		{"round without a day", `"opens": "2017-12-03", `, ``, "opens"},
		{"sits at no round", `"act": "sit", "element": "R-1"`, `"act": "sit", "element": "A-1"`, "no round"},
		{"sits for nothing", `"sits": "opens"`, `"sits": "pauses"`, "sits"},
		{"stranger sits", `"person": "b.two"}]}`, `"person": "x.ray"}]}`, "cannot sit"},
		{"empty package", `"contains": [{"element": "A-1", "of": "US"}, {"element": "R-1", "of": "US"}]`, `"contains": []`, "contains"},
		{"package of nothing", `{"element": "R-1", "of": "US"}`, `{"element": "R-2", "of": "US"}`, "for a package"},
		{"one text of a package", `"act": "accept", "element": "K-1", "of": "US"`, `"act": "accept", "element": "A-1", "of": "US"`, "part of a package"},
		{"behind nothing", `"opens": "2017-12-03"`, `"follows": {"en": "IL"}, "opens": "2017-12-03"`, "all are behind"},
		{"unknown field of the margin", `"field": "note"`, `"field": "gossip"`, "the field is none of"},
		{"red line without a line", `, "line": {"units": ["days"], "min": "14"}`, ``, "a line or a role"},
		{"margin of nobody", `"by": "a.one", "group": 0, "field": "note"`, `"by": "x.ray", "group": 0, "field": "note"`, "does not sit"},
		{"margin beside nothing", `"group": 0, "element": "A-1", "field"`, `"group": 0, "element": "A-9", "field"`, "is not tabled"},
	} {
		t.Run(c.name, func(t *testing.T) {
			spoilt := strings.Replace(talks, c.old, c.new, 1)
			if spoilt == talks {
				t.Fatal("nothing was spoilt")
			}
			if _, err := Parse([]byte(spoilt)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v; it should say %q", err, c.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	for _, name := range Names() {
		b, _ := stories.Files.ReadFile(name + suffix)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := Parse(b)
		if err != nil {
			return
		}
		if n := s.Tally(true); n.Brackets+n.Waiting != 0 {
			t.Errorf("a story was taken that does not end settled: %+v", n)
		}
	})
}
