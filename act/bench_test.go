package act

import (
	"strings"
	"testing"
	"time"

	"entente/text"
)

// tableOfTwo is what the speed target speaks of: a table act with a text of 300 bytes in each of
// two languages.
func tableOfTwo() Act {
	english := strings.Repeat("The Parties shall inspect every site. ", 8)[:300]
	hebrew := strings.Repeat("הצדדים יבקרו בכל אתר. ", 9)
	for len(hebrew) > 300 {
		hebrew = strings.TrimRight(hebrew[:strings.LastIndexByte(strings.TrimRight(hebrew, " "), ' ')], " ")
	}
	return Act{Group: Hash{1}, Party: 1, Index: 4711, By: "d.reyes", At: 1_513_036_800_000,
		Seen: []Seen{{Party: 0, Size: 4200, Root: Hash{2}}},
		Body: Table{Element: "A-1.1.2", Content: Content{Kind: Action, Parent: "W-1.1", Due: "2018-03-31",
			Title: text.Texts{{Lang: "en", Text: "Inspect the sites"}, {Lang: "he", Text: "ביקור באתרים"}},
			Text:  text.Texts{{Lang: "en", Text: english}, {Lang: "he", Text: hebrew}}}}}
}

func benchmarkDecode(b *testing.B, a Act) {
	leaf, err := Encode(a)
	if err != nil {
		b.Fatal(err)
	}
	s := string(leaf)
	const times = 20_000
	start := time.Now()
	for range times {
		leaf[0] ^= LeafHash(leaf)[0]
	}
	floor := float64(time.Since(start).Nanoseconds()) / times // the hash of the same bytes
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(s); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/floor, "x-floor")
}

func BenchmarkDecodeTable(b *testing.B) { benchmarkDecode(b, tableOfTwo()) }

// BenchmarkScanTable reads the same without keeping it.
func BenchmarkScanTable(b *testing.B) {
	leaf, err := Encode(tableOfTwo())
	if err != nil {
		b.Fatal(err)
	}
	text := string(leaf)
	var s Scanner
	b.SetBytes(int64(len(leaf)))
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Scan(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeTableEnglish(b *testing.B) {
	a := tableOfTwo()
	t := a.Body.(Table)
	t.Content.Text = text.Texts{{Lang: "en", Text: t.Content.Text[0].Text}, {Lang: "fr", Text: t.Content.Text[0].Text}}
	t.Content.Title = t.Content.Title[:1]
	a.Body = t
	benchmarkDecode(b, a)
}

func BenchmarkDecodeAccept(b *testing.B) {
	a := tableOfTwo()
	a.Body = Accept{Element: "A-1.1.2", Revision: Hash{9}}
	benchmarkDecode(b, a)
}

func BenchmarkEncodeTable(b *testing.B) {
	a := tableOfTwo()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Encode(a); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLeafHash(b *testing.B) {
	leaf, err := Encode(tableOfTwo())
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(leaf)))
	for b.Loop() {
		LeafHash(leaf)
	}
}
