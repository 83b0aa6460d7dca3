package web

import (
	"strings"
	"testing"
	"time"

	"entente/internal/chancery"
	"entente/internal/web/locale"
)

// TestWhyNothingIsWrittenIsSaidInTheReadersLanguage: the sentences that are known are said in Hebrew, with
// what stands in their places; what the disk says after them stays as it is.
func TestWhyNothingIsWrittenIsSaidInTheReadersLanguage(t *testing.T) {
	book, err := locale.Open()
	if err != nil {
		t.Fatal(err)
	}
	he, en := book.Printer("he", time.Now()), book.Printer(locale.Model, time.Now())
	const stopping, unread = "The server is stopping. Nothing was written.", "The logs of this group could not be read in full, so nothing is written to it and nothing is sent. What is shown is what could be checked. "
	for _, c := range []struct{ why, rest string }{{stopping, ""}, {unread + "disk: input/output error.", "disk: input/output error."}} {
		got := houseSaid(he, c.why)
		if strings.Contains(got, "Nothing was written") || strings.Contains(got, "The logs") || !strings.HasSuffix(got, c.rest) {
			t.Errorf("%q", got)
		}
		if got := houseSaid(en, c.why); got != c.why {
			t.Errorf("in English: %q", got)
		}
	}
	e := &chancery.Closed{Why: "IL has ended x.", Form: "%s has begun a new epoch without saying where the last one ended. Nothing was taken.", Args: []any{"IL"}}
	if got := closedSaid(he, e); !strings.Contains(got, "IL") || !strings.Contains(got, "דבר לא נקלט.") {
		t.Errorf("%q", got)
	}
	if got := closedSaid(en, e); got != e.Why {
		t.Errorf("in English: %q", got)
	}
	if got := houseSaid(he, "What nobody knows. Nothing."); got != "What nobody knows. Nothing." {
		t.Errorf("%q", got)
	}
}
