package act

import (
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"

	"entente/marking"
	"entente/party"
	"entente/text"
)

func TestRoundTrip(t *testing.T) {
	for name, a := range samples() {
		leaf := mustEncode(t, a)
		back, err := Decode(leaf)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !reflect.DeepEqual(back, a) {
			t.Errorf("%s: came back as\n%+v, was\n%+v", name, back, a)
		}
		if again := mustEncode(t, back); again != leaf {
			t.Errorf("%s: %x, then %x", name, leaf, again)
		}
	}
}

// TestForm holds the format to bytes that are written out here: another program must write them too.
func TestForm(t *testing.T) {
	for name, c := range map[string]struct {
		act  Act
		want string
	}{
		"see": {Act{Body: See{}}, "8a01" + "5820" + strings.Repeat("00", 32) + "000000" + "60" + "00" + "80" + "0aa0"},
		"accept": {Act{Group: Hash{0xaa}, Party: 1, Epoch: 2, Index: 300, By: "d.reyes", At: -1, Seen: []Seen{{0, 0, 24, Hash{0xbb}}}, Body: Accept{Element: "G-1", Revision: Hash{0xcc}}},
			"8a01" + "5820aa" + strings.Repeat("00", 31) + "0102" + "19012c" + "67642e7265796573" + "20" + "81840000" + "1818" + "5820bb" + strings.Repeat("00", 31) +
				"05" + "a2" + "0163472d31" + "025820cc" + strings.Repeat("00", 31)},
		"withdraw": {Act{Body: Withdraw{"G-1", both("No", "לא")}},
			"8a01" + "5820" + strings.Repeat("00", 32) + "000000" + "60" + "00" + "80" + "06a2" + "0163472d31" + "02828262656e624e6f8262686564d79cd790"},
	} {
		if got := hex.EncodeToString([]byte(mustEncode(t, c.act))); got != c.want {
			t.Errorf("%s: %s, not %s", name, got, c.want)
		}
	}
}

// TestEncodeRefuses: what has no form is refused, and never written as something else.
func TestEncodeRefuses(t *testing.T) {
	nobody := marking.Label{Releasable: []party.Code{}}
	for name, c := range map[string]struct {
		act  Act
		want string
	}{
		"no body":             {Act{}, "an act needs a body"},
		"unknown person":      {Act{By: "D. Reyes", Body: See{}}, "person's id"},
		"party over limit":    {Act{Party: MaxParties, Body: See{}}, "over the limit 39"},
		"index over limit":    {Act{Index: MaxIndex + 1, Body: See{}}, "over the limit"},
		"time over limit":     {Act{At: maxTime + 1, Body: See{}}, "time out of range"},
		"time under limit":    {Act{At: minTime - 1, Body: See{}}, "time out of range"},
		"has seen itself":     {Act{Seen: []Seen{{Party: 0}}, Body: See{}}, "without the writer"},
		"seen out of order":   {Act{Seen: []Seen{{Party: 2}, {Party: 1}}, Body: See{}}, "rising order"},
		"seen twice":          {Act{Seen: []Seen{{Party: 2}, {Party: 2}}, Body: See{}}, "rising order"},
		"seen a stranger":     {Act{Seen: []Seen{{Party: MaxParties}}, Body: See{}}, "over the limit 39"},
		"too many seen":       {Act{Seen: make([]Seen, MaxParties), Body: See{}}, "list of 40 is over the limit 39"},
		"no charter":          {Act{Body: Constitute{}}, "the charter is missing"},
		"charter too long":    {Act{Body: Constitute{strings.Repeat("x", MaxCharter+1)}}, "over the limit 49152"},
		"last epoch resumed":  {Act{Body: Resume{Epoch: 1<<32 - 1}}, "over the limit"},
		"delegates in order":  {Act{Body: Accredit{[]Delegate{{Person: "b", Name: only("B")}, {Person: "a", Name: only("A")}}}}, "out of order"},
		"delegate twice":      {Act{Body: Accredit{[]Delegate{{Person: "b", Name: only("B")}, {Person: "b", Name: only("A")}}}}, "twice"},
		"delegate, no name":   {Act{Body: Accredit{[]Delegate{{Person: "b"}}}}, "name"},
		"name too long":       {Act{Body: Accredit{[]Delegate{{Person: "b", Name: only(strings.Repeat("x", MaxName+1))}}}}, "over the limit 200"},
		"powers unknown":      {Act{Body: Accredit{[]Delegate{{Person: "b", Name: only("B"), Powers: allPowers + 1}}}}, "over the limit 63"},
		"too many delegates":  {Act{Body: Accredit{make([]Delegate, MaxDelegates+1)}}, "list of 201 is over the limit 200"},
		"no element":          {Act{Body: Accept{Element: "", Revision: Hash{1}}}, "no reference"},
		"bad element":         {Act{Body: Accept{Element: "a-1", Revision: Hash{1}}}, "no reference"},
		"no revision":         {Act{Body: Accept{Element: "A-1", Revision: Hash{}}}, "missing"},
		"no reason":           {Act{Body: Withdraw{"A-1", nil}}, "missing"},
		"reason too long":     {Act{Body: Withdraw{"A-1", only(strings.Repeat("x", MaxReason+1))}}, "over the limit 4096"},
		"empty text":          {Act{Body: Withdraw{"A-1", only("")}}, "left out"},
		"unknown language":    {Act{Body: Withdraw{"A-1", text.Texts{{Lang: "xx", Text: "a"}}}}, "not a language"},
		"languages in order":  {Act{Body: Withdraw{"A-1", text.Texts{{Lang: "he", Text: "a"}, {Lang: "en", Text: "a"}}}}, "out of order"},
		"language twice":      {Act{Body: Withdraw{"A-1", text.Texts{{Lang: "en", Text: "a"}, {Lang: "en", Text: "a"}}}}, "twice"},
		"hidden characters":   {Act{Body: Withdraw{"A-1", only("a\u202eb")}}, "U+202E"},
		"not UTF-8":           {Act{Body: Withdraw{"A-1", only("a\xffb")}}, "byte"},
		"not NFC":             {Act{Body: Withdraw{"A-1", only("e\u0301")}}, "byte"},
		"no sort":             {Act{Body: Remark{"A-1", Hash{}, 0, only("a"), Hash{}}}, "missing"},
		"unknown sort":        {Act{Body: Remark{"A-1", Hash{}, lastRemarkSort + 1, only("a"), Hash{}}}, "over the limit 5"},
		"no remark":           {Act{Body: Remark{"A-1", Hash{}, Comment, nil, Hash{}}}, "missing"},
		"remark too long":     {Act{Body: Remark{"A-1", Hash{}, Comment, only(strings.Repeat("x", MaxRemark+1)), Hash{}}}, "over the limit 16384"},
		"no day":              {Act{Body: Report{Element: "A-1", Progress: Done}}, "missing"},
		"a day there is not":  {Act{Body: Report{Element: "A-1", AsOf: "2019-02-29", Progress: Done}}, "no day"},
		"no progress":         {Act{Body: Report{Element: "A-1", AsOf: "2019-02-28"}}, "missing"},
		"unknown progress":    {Act{Body: Report{Element: "A-1", AsOf: "2019-02-28", Progress: Stopped + 1}}, "over the limit 4"},
		"refer, no time":      {Act{Body: Refer{"A-1", Hash{1}, 0, only("Minister")}}, "left out"},
		"refer, no role":      {Act{Body: Refer{"A-1", Hash{1}, 1, nil}}, "role"},
		"refer, time too far": {Act{Body: Refer{"A-1", Hash{1}, MaxInstant + 1, only("Minister")}}, "over the limit"},
		"silence backwards":   {Act{Body: Table{Element: "A-1", Content: Content{Kind: Action, Text: only("x")}, Until: -1}}, "over the limit"},
		"holidays in order":   {Act{Body: Calendar{Days: []Holiday{{"2018-01-02", nil}, {"2018-01-01", nil}}}}, "out of order"},
		"too many holidays":   {Act{Body: Calendar{Days: make([]Holiday, MaxHolidays+1)}}, "over the limit 400"},
		"an eighth weekday":   {Act{Body: Calendar{Rest: allWeekdays + 1}}, "over the limit 127"},
		"nothing is done":     {Act{Body: Sit{Round: "R-1"}}, "missing"},
		"present in order":    {Act{Body: Sit{"R-1", RoundOpens, []Seated{{"US", "b"}, {"US", "a"}}}}, "out of order"},
		"too many present":    {Act{Body: Sit{"R-1", RoundOpens, make([]Seated, MaxPresent+1)}}, "over the limit 400"},
		"certified nothing":   {Act{Body: Certify{"A-1", Hash{}}}, "missing"},
		"released to nobody":  {Act{Body: Table{Element: "C-1", Content: Content{Kind: Clause, Text: only("x"), Marking: &nobody}}}, "releasable to nobody"},
		"marking out of list": {Act{Body: Table{Element: "C-1", Content: Content{Kind: Clause, Text: only("x"), Marking: &marking.Label{TLP: 9}}}}, "no marking level"},
	} {
		leaf, err := Encode(c.act)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, wanted %q (%x)", name, err, c.want, leaf)
		}
	}
}

// TestContentRefuses: what a revision may hold depends on what kind of element it is one of.
func TestContentRefuses(t *testing.T) {
	long := func(n int) text.Texts { return only(strings.Repeat("x", n)) }
	title := func(c Content) Content { c.Title = only("t"); return c }
	passage := func(c Content) Content {
		c.Kind, c.Parent, c.Paragraph, c.Quote = Passage, "S-1", 1, "q"
		return c
	}
	for name, c := range map[string]struct {
		content Content
		want    string
	}{
		"no kind":            {title(Content{}), "kind"},
		"unknown kind":       {title(Content{Kind: lastElementKind + 1}), "over the limit 17"},
		"nothing":            {Content{Kind: Goal}, "a title or a text is missing"},
		"title too long":     {Content{Kind: Goal, Title: long(MaxTitle + 1)}, "over the limit 400"},
		"text too long":      {Content{Kind: Goal, Text: long(text.MaxText + 1)}, "over the limit 32768"},
		"parent":             {title(Content{Kind: Goal, Parent: "1"}), "no reference"},
		"lead in order":      {title(Content{Kind: Goal, Lead: []party.Code{"US", "IL"}}), "out of order"},
		"support twice":      {title(Content{Kind: Goal, Support: []party.Code{"US", "US"}}), "twice"},
		"lead is a code":     {title(Content{Kind: Goal, Lead: []party.Code{"us"}}), "party's code"},
		"due":                {title(Content{Kind: Goal, Due: "2018-1-1"}), "no day"},
		"due 0999":           {title(Content{Kind: Goal, Due: "0999-01-01"}), "no day"},
		"cites in order":     {title(Content{Kind: Goal, Cites: []Ref{"P-2", "P-1"}}), "out of order"},
		"too many cites":     {title(Content{Kind: Goal, Cites: make([]Ref, MaxCites+1)}), "over the limit 64"},
		"source too long":    {title(Content{Kind: Goal, Source: long(MaxSource + 1)}), "over the limit 1000"},
		"order":              {title(Content{Kind: Goal, Order: MaxOrder + 1}), "over the limit"},
		"quote of a goal":    {title(Content{Kind: Goal, Quote: "q"}), "only a marked passage"},
		"aside of a goal":    {title(Content{Kind: Goal, Aside: only("a")}), "only a marked passage"},
		"paragraph":          {title(Content{Kind: Goal, Paragraph: 1}), "only a marked passage"},
		"passage, no words":  {title(Content{Kind: Passage, Parent: "S-1", Paragraph: 1}), "missing"},
		"passage, nowhere":   {Content{Kind: Passage, Parent: "S-1", Quote: "q"}, "missing"},
		"passage of nothing": {Content{Kind: Passage, Paragraph: 1, Quote: "q"}, "missing"},
		"quote too long":     {passage(Content{}).with(strings.Repeat("x", MaxQuote+1)), "over the limit 4000"},
		"amount":             {title(Content{Kind: Means, Amount: "-1"}), "no amount"},
		"amount too long":    {title(Content{Kind: Means, Amount: strings.Repeat("1", MaxAmount+1)}), "over the limit 20"},
		"contains":           {title(Content{Kind: Goal, Contains: []Contained{{"C-1", Hash{1}}}}), "only a document"},
		"digests":            {title(Content{Kind: Goal, Digests: []Digest{{"en", Hash{1}}}}), "only a document"},
		"empty package":      {title(Content{Kind: Package}), "what the package contains"},
		"package digested":   {title(Content{Kind: Package, Contains: []Contained{{"C-1", Hash{1}}}, Digests: []Digest{{"en", Hash{1}}}}), "only a document"},
		"round without day":  {title(Content{Kind: Round}), "the day on which"},
		"goal that opens":    {title(Content{Kind: Goal, Opens: "2018-01-01"}), "only a round"},
		"follows, no text":   {title(Content{Kind: Goal, Follows: []Following{{"he", Hash{1}}}}), "follows nothing"},
		"follows nothing":    {Content{Kind: Goal, Text: only("x"), Follows: []Following{{"en", Hash{}}}}, "left out"},
		"empty document":     {title(Content{Kind: Document, Digests: []Digest{{"en", Hash{1}}}}), "missing"},
		"undigested":         {title(Content{Kind: Document, Contains: []Contained{{"C-1", Hash{1}}}}), "missing"},
		"contains nothing":   {title(Content{Kind: Document, Contains: []Contained{{"C-1", Hash{}}}}), "left out"},
		"too much contained": {title(Content{Kind: Document, Contains: make([]Contained, MaxContains+1)}), "over the limit 1200"},
		"digests in order":   {title(Content{Kind: Document, Contains: []Contained{{"C-1", Hash{1}}}, Digests: []Digest{{"he", Hash{1}}, {"en", Hash{1}}}}), "out of order"},
	} {
		_, err := Encode(place(Table{Element: "A-1", Content: c.content}))
		var format *FormatError
		if err == nil || !strings.Contains(err.Error(), c.want) || !errors.As(err, &format) {
			t.Errorf("%s: %v, wanted %q", name, err, c.want)
		}
	}
}

func (c Content) with(quote string) Content { c.Quote = quote; return c }

// TestLeafLimit: an act that would not fit into a leaf is refused, and its writer told what to do.
func TestLeafLimit(t *testing.T) {
	fill := func(n int) Act {
		return place(Table{Element: "A-1", Content: Content{Kind: Clause, Text: text.Texts{{Lang: "ar", Text: strings.Repeat("x", text.MaxText)}, {Lang: "en", Text: strings.Repeat("x", n)}}}})
	}
	spare := MaxLeaf - len(mustEncode(t, fill(30_000)))
	if leaf := mustEncode(t, fill(30_000+spare)); len(leaf) != MaxLeaf {
		t.Fatalf("%d bytes", len(leaf))
	}
	if _, err := Encode(fill(30_001 + spare)); err == nil || !strings.Contains(err.Error(), "the limit is 65535. Nothing was written. Shorten the text") {
		t.Error(err)
	}
	if _, err := Decode(strings.Repeat("\x00", MaxLeaf+1)); err == nil || !strings.Contains(err.Error(), "65536 bytes, the limit is 65535") {
		t.Error(err)
	}
}
