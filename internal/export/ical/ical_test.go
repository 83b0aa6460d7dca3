package ical

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	parser "github.com/arran4/golang-ical"
	"pgregory.net/rapid"
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestEncode(t *testing.T) {
	c := Calendar{Name: "Deadlines; all", Every: time.Hour, Events: []Event{
		{UID: "b@x", Summary: "Silence ends", At: at("2017-12-14T18:00:00+02:00"), Until: at("2017-12-14T18:30:00+02:00"), Kinds: []string{"Silence", "A, B"}},
		{UID: "a@x", Summary: "Report: O-1", Text: "one\ntwo, three", Address: "https://example.org/g/1/O-1", Day: "2017-02-28", Days: 2},
	}}
	got, err := c.Encode(at("2017-01-01T00:00:00Z"))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Entente//Calendar//EN
CALSCALE:GREGORIAN
METHOD:PUBLISH
NAME:Deadlines\; all
X-WR-CALNAME:Deadlines\; all
REFRESH-INTERVAL;VALUE=DURATION:PT60M
BEGIN:VEVENT
UID:a@x
DTSTAMP:20170101T000000Z
DTSTART;VALUE=DATE:20170228
DTEND;VALUE=DATE:20170302
SUMMARY:Report: O-1
DESCRIPTION:one\ntwo\, three
URL:https://example.org/g/1/O-1
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
UID:b@x
DTSTAMP:20170101T000000Z
DTSTART:20171214T160000Z
DTEND:20171214T163000Z
SUMMARY:Silence ends
CATEGORIES:Silence,A\, B
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n")
	if string(got) != want {
		t.Errorf("wrote\n%s\nwant\n%s", got, want)
	}
	slices.Reverse(c.Events)
	if again, err := c.Encode(at("2017-01-01T00:00:00Z")); err != nil || !bytes.Equal(again, got) {
		t.Errorf("in another order it is written otherwise, or %v", err)
	}
}

func TestEncodeRefuses(t *testing.T) {
	ok := Event{UID: "a@x", Summary: "s", Day: "2017-02-28"}
	for _, c := range []struct {
		name   string
		change func(*Event)
		want   string
	}{
		{"no UID", func(e *Event) { e.UID = "" }, "a UID has 1 to 200"},
		{"a UID of two lines", func(e *Event) { e.UID = "a\r\nX:y" }, "a UID is of letters"},
		{"no summary", func(e *Event) { e.Summary = "" }, "no summary"},
		{"a control character", func(e *Event) { e.Summary = "a\x07" }, "U+0007"},
		{"a lone carriage return", func(e *Event) { e.Text = "a\rb" }, "U+000D"},
		{"no UTF-8", func(e *Event) { e.Text = "\xff" }, "not in UTF-8"},
		{"too long", func(e *Event) { e.Text = strings.Repeat("a", MaxText+1) }, "more than 8192"},
		{"no time", func(e *Event) { e.Day = "" }, "one of the two"},
		{"two times", func(e *Event) { e.At = at("2017-01-01T00:00:00Z") }, "one of the two"},
		{"no day", func(e *Event) { e.Day = "2017-02-30" }, "no stretch of days"},
		{"days before", func(e *Event) { e.Days = -1 }, "no stretch of days"},
		{"ends before it begins", func(e *Event) {
			e.Day, e.At, e.Until = "", at("2017-01-02T00:00:00Z"), at("2017-01-01T00:00:00Z")
		}, "ends before"},
		{"address with a line", func(e *Event) { e.Address = "https://a/\r\nX:y" }, "characters"},
		{"address without a host", func(e *Event) { e.Address = "/g/1" }, "no absolute"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := ok
			c.change(&e)
			var b bytes.Buffer
			err := Calendar{Events: []Event{e}}.Write(&b, at("2017-01-01T00:00:00Z"))
			if err == nil || !strings.Contains(err.Error(), c.want) || b.Len() > 0 {
				t.Errorf("got %v and %d bytes; want it to say %q", err, b.Len(), c.want)
			}
		})
	}
	if _, err := (Calendar{Events: []Event{ok, ok}}).Encode(time.Time{}); err == nil || !strings.Contains(err.Error(), "two events") {
		t.Errorf("one UID twice gives %v", err)
	}
	if _, err := (Calendar{Events: make([]Event, MaxEvents+1)}).Encode(time.Time{}); err == nil {
		t.Error("too many events are written")
	}
}

// calendars are of events with any words.
func calendars() *rapid.Generator[Calendar] {
	return rapid.Custom(func(t *rapid.T) Calendar {
		words := rapid.StringMatching(`[a-z,;:\\\n"א-ת𝄞 é]{1,120}`)
		var c Calendar
		for i := range rapid.IntRange(0, 4).Draw(t, "events") {
			e := Event{UID: string(rune('a'+i)) + "@x", Summary: words.Draw(t, "summary"), Text: words.Draw(t, "text")}
			when := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "at"), 0).UTC()
			if rapid.Bool().Draw(t, "day") {
				e.Day, e.Days = "2017-02-28", rapid.IntRange(0, 400).Draw(t, "days")
			} else {
				e.At, e.Until = when, when.Add(time.Duration(rapid.IntRange(0, 1000).Draw(t, "minutes"))*time.Minute)
			}
			c.Events = append(c.Events, e)
		}
		return c
	})
}

// TestParsedBack: a parser that shares no code with us finds what was put in.
func TestParsedBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := calendars().Draw(t, "calendar")
		b, err := c.Encode(at("2017-01-01T00:00:00Z"))
		if err != nil {
			t.Fatal(err)
		}
		wellFolded(t, b)
		back, err := parser.ParseCalendar(bytes.NewReader(b))
		if err != nil {
			t.Fatalf("%v in %q", err, b)
		}
		if len(back.Events()) != len(c.Events) {
			t.Fatalf("%d events of %d came back", len(back.Events()), len(c.Events))
		}
		for _, e := range back.Events() {
			i := slices.IndexFunc(c.Events, func(x Event) bool { return x.UID == e.Id() })
			if i < 0 {
				t.Fatalf("an event %q came back", e.Id())
			}
			same(t, c.Events[i], e)
		}
	})
}

func same(t *rapid.T, e Event, got *parser.VEvent) {
	if s := got.GetProperty(parser.ComponentPropertySummary).Value; s != e.Summary {
		t.Fatalf("the summary %q came back as %q", e.Summary, s)
	}
	if s := got.GetProperty(parser.ComponentPropertyDescription).Value; s != e.Text {
		t.Fatalf("the text %q came back as %q", e.Text, s)
	}
	if e.Day != "" {
		from, err := got.GetAllDayStartAt()
		to, err2 := got.GetAllDayEndAt()
		if err != nil || err2 != nil || from.Format(time.DateOnly) != string(e.Day) || int(to.Sub(from).Hours()/24+0.5) != max(e.Days, 1) {
			t.Fatalf("%s for %d days came back as %v to %v, %v, %v", e.Day, e.Days, from, to, err, err2)
		}
		return
	}
	from, err := got.GetStartAt()
	if err != nil || !from.Equal(e.At) {
		t.Fatalf("%v came back as %v, %v", e.At, from, err)
	}
	if e.Until.After(e.At) {
		if to, err := got.GetEndAt(); err != nil || !to.Equal(e.Until) {
			t.Fatalf("the end %v came back as %v, %v", e.Until, to, err)
		}
	}
}

// wellFolded: every line is short, ends rightly and is whole characters.
func wellFolded(t interface{ Fatalf(string, ...any) }, b []byte) {
	for line := range strings.SplitSeq(strings.TrimSuffix(string(b), "\r\n"), "\r\n") {
		if len(line) > maxLine || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
			t.Fatalf("the line %q is not in form", line)
		}
	}
}

// FuzzEncode: whatever words come, what is written is lines in form and no more of them than
// events call for, or an error.
func FuzzEncode(f *testing.F) {
	f.Add("a@x", "Report", "one\ntwo", "https://example.org/")
	f.Add("a@x", "BEGIN:VEVENT\r\nUID:b", strings.Repeat("é", 80), "")
	f.Fuzz(func(t *testing.T, uid, summary, words, address string) {
		b, err := Calendar{Name: words, Events: []Event{{UID: uid, Summary: summary, Text: words, Address: address, Day: "2017-02-28"}}}.Encode(time.Time{})
		if err != nil {
			return
		}
		wellFolded(t, b)
		if n := strings.Count("\r\n"+string(b), "\r\nBEGIN:"); n != 2 {
			t.Fatalf("%d components in %q", n, b)
		}
	})
}
