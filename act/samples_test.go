package act

import (
	"maps"
	"strings"
	"testing"

	"entente/marking"
	"entente/party"
	"entente/text"
)

func both(english, hebrew string) text.Texts {
	return text.Texts{{Lang: "en", Text: english}, {Lang: "he", Text: hebrew}}
}

func only(s string) text.Texts { return text.Texts{{Lang: "en", Text: s}} }

// place is an act without a body, somewhere in a log.
func place(b Body) Act {
	return Act{Group: Hash{7}, Party: 1, Epoch: 2, Index: 300, By: "d.reyes", At: 1_513_036_800_000,
		Seen: []Seen{{Party: 0, Size: 12, Root: Hash{1}}, {Party: 3, Epoch: 1, Size: 70_000, Root: Hash{2}}}, Body: b}
}

// samples has every kind of body, in its least form and with everything in it.
func samples() map[string]Act {
	label := marking.New(marking.AmberStrict, "IL", "US")
	clear := marking.Label{}
	full := Content{Kind: Action, Parent: "W-1.1", Title: both("Inspect", "ביקור"), Text: both("The Parties shall inspect.", "הצדדים יבקרו."),
		Struck: true, Lead: []party.Code{"US"}, Support: []party.Code{"IL", "UN2"}, Due: "2020-02-29", Cites: []Ref{"P-1", "P-10", "P-2"},
		Source: only("as reported by Axios"), Marking: &label, Order: 5}
	bodies := map[string]Body{
		"constitute":       Constitute{"any bytes \x00\xff"},
		"resume":           Resume{1, 900, Hash{3}},
		"resume empty":     Resume{0, 0, Hash{}},
		"accredit nobody":  Accredit{},
		"accredit":         Accredit{[]Delegate{{"a.b", only("A. B."), nil, nil, 0}, {"d.reyes", both("D. Reyes", "ד. רייס"), only("Head of delegation"), only("NSC"), allPowers}}},
		"table title":      Table{Element: "G-1", Content: Content{Kind: Goal, Title: only("Block every path")}},
		"table full":       Table{Element: "A-1.1.2", Content: full},
		"table struck":     Table{Element: "AB-999999.1.1.1.1.1", Content: Content{Kind: Way, Struck: true}},
		"table clear":      Table{Element: "C-1", Content: Content{Kind: Clause, Text: only("x"), Marking: &clear}},
		"table statement":  Table{Element: "S-1", Content: Content{Kind: Statement, Title: only("Remarks"), Text: only("We will."), SaidBy: only("The President"), SaidOn: "2017-10-13", Source: only("Public record")}},
		"table passage":    Table{Element: "P-1", Content: Content{Kind: Passage, Parent: "S-1", Paragraph: 3, Quote: "never acquire", Aside: only("no goal follows")}},
		"table means":      Table{Element: "M-1", Content: Content{Kind: Means, Title: only("Inspectors"), Amount: "2.5", Unit: only("teams")}},
		"table document":   Table{Element: "D-1", Content: Content{Kind: Document, Title: only("Joint document"), Contains: []Contained{{"C-1", Hash{1}}, {"A-1.1.2", Hash{2}}}, Digests: []Digest{{"en", Hash{3}}, {"he", Hash{4}}}}},
		"accept":           Accept{Element: "A-1.1.2", Revision: Hash{5}},
		"withdraw":         Withdraw{"A-1.1.2", both("A better text follows.", "נוסח טוב יותר יבוא.")},
		"confirm":          Confirm{"A-1.1.2", Hash{5}},
		"remark":           Remark{"A-1.1.2", Hash{}, Comment, only("Why 30 days?"), Hash{}},
		"remark lifting":   Remark{"A-1.1.2", Hash{6}, Reservation, only("Lifted."), Hash{7}},
		"report":           Report{Element: "A-1.1.2", AsOf: "2018-01-01", Progress: Underway},
		"report with note": Report{Element: "A-1.1.2", AsOf: "9999-12-31", Progress: Stopped, Note: only("No access.")},
		"see":              See{},
		"table silence":    Table{Element: "A-1", Content: Content{Kind: Action, Text: only("x")}, Until: 1_513_267_200_000},
		"table offered":    Table{Element: "A-1", Content: Content{Kind: Action, Text: both("x", "י"), Follows: []Following{{"he", Hash{8}}}}, Offered: true},
		"table package":    Table{Element: "K-1", Content: Content{Kind: Package, Title: only("Package"), Contains: []Contained{{"C-1", Hash{1}}}}, Tied: true},
		"table round":      Table{Element: "R-1", Content: Content{Kind: Round, Title: only("Third round"), Text: only("1. Annex A"), Opens: "2017-12-11", Closes: "2017-12-12"}},
		"accept silent":    Accept{Element: "A-1", Revision: Hash{5}, Silent: true},
		"accept tied":      Accept{Element: "A-1", Revision: Hash{5}, Tied: true},
		"scrutiny":         Remark{"A-1", Hash{6}, Scrutiny, only("Parliament has yet to look at it."), Hash{}},
		"refer":            Refer{"A-1.1.2", Hash{5}, 1_514_476_800_000, only("Minister of Defence")},
		"calendar bare":    Calendar{},
		"calendar":         Calendar{On(5) | On(6), []Holiday{{"2017-12-25", both("Christmas Day", "חג המולד")}, {"2018-01-01", nil}}},
		"sit":              Sit{"R-1", RoundOpens, nil},
		"sit present":      Sit{"R-1", RoundCloses, []Seated{{"IL", "n.amar"}, {"US", "a.b"}, {"US", "d.reyes"}}},
		"certify":          Certify{"A-1", Hash{5}},
	}
	maps.Copy(bodies, watchedSamples())
	out := map[string]Act{}
	for name, b := range bodies {
		out[name] = place(b)
	}
	bare := Act{Body: See{}}
	out["bare"] = bare
	early := place(See{})
	early.At, early.By, early.Seen = minTime, "", nil
	out["early, by the server"] = early
	most := place(See{})
	most.Party, most.Epoch, most.Index, most.At = MaxParties-1, 1<<32-1, MaxIndex, maxTime
	most.By = party.Person("a" + strings.Repeat("9", MaxPerson-1))
	most.Seen = []Seen{{Party: 0, Epoch: 1<<32 - 1, Size: MaxIndex, Root: Hash{9}}}
	out["most"] = most
	return out
}

// mustEncode is the leaf of an act that must be good.
func mustEncode(t testing.TB, a Act) string {
	t.Helper()
	leaf, err := Encode(a)
	if err != nil {
		t.Fatal(err)
	}
	return string(leaf)
}
