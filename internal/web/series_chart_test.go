package web

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"pgregory.net/rapid"

	"entente/act"
	"entente/internal/compliance"
	"entente/internal/web/assets"
	"entente/internal/web/locale"
	"entente/text"
)

// read is a point as a test writes it: a day, a value or a bound, its verdict.
func readPoint(day act.Date, value string, v act.Verdict) compliance.Point {
	p := compliance.Point{Value: value, Shown: value, Unit: "t", Grade: "B2", Counts: true, Fresh: true,
		Entries: []compliance.Entered{{Party: "US", Grade: "B2", Source: act.Citation{Title: "Quarterly report"}}}}
	p.Day, p.Verdict = day, v
	number := strings.TrimLeft(value, "<>=")
	n, err := strconv.ParseFloat(number, 64)
	if err != nil {
		panic(err)
	}
	if !strings.HasPrefix(value, ">") {
		p.High = &n
	}
	if !strings.HasPrefix(value, "<") {
		m := n
		p.Low = &m
	}
	return p
}

func english(s string) compliance.Sentence { return compliance.Sentence{Key: "test", English: s} }

// heavyWater is the obligation of the mock-up, with what was read of it.
func heavyWater() compliance.Obligation {
	o := compliance.Obligation{Quantity: "heavy_water_stock", Rule: "heavy_water_stock.latest() <= 130.0"}
	o.Ref, o.Display, o.Unit, o.Title = "O-1", "O 1", "t", text.Texts{}.With("en", "Stock of heavy water").With("he", "מלאי מים כבדים")
	o.Verdict, o.Moment = act.Within, compliance.Today("2017-12-12")
	o.Headline = english("114.4 t on 5 November 2017, 12 per cent below the limit.")
	o.Limit = &compliance.Line{Sense: "at-most", Value: 130, Text: "130", Said: english("limit 130 t")}
	o.Near = &compliance.Line{Sense: "at-least", Value: 123.5, Text: "123.5", Said: english("near from 123.5")}
	o.Points = []compliance.Point{readPoint("2016-02-17", "130.9", act.Exceeded), readPoint("2016-02-24", "<130", act.Within), readPoint("2016-05-09", "116.7", act.Within),
		readPoint("2016-11-08", "130.1", act.Exceeded), readPoint("2016-12-06", "<130", act.Within), readPoint("2017-05-16", "128.2", act.Near),
		readPoint("2017-08-21", "111", act.Within), readPoint("2017-11-05", "114.4", act.Within)}
	o.Episodes = nil
	o.Next = &compliance.Expected{On: "2018-02-22"}
	shipped := compliance.Series{Quantity: "heavy_water_shipped_out", Unit: "t", Points: []compliance.Point{readPoint("2016-02-24", "20", 0), readPoint("2016-12-06", "11", 0)}}
	o.Others = []compliance.Series{shipped}
	return o
}

// spoken is a context in which pages are said.
func spoken(t testing.TB, tag string) (context.Context, scene) {
	t.Helper()
	book, err := locale.Open()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2017, 12, 12, 14, 0, 0, 0, time.UTC)
	sc := scene{lang: text.Lang(tag), now: now}
	sc.charter.Languages = []text.Lang{"en", "he"}
	return locale.With(t.Context(), book.Printer(tag, now)), sc
}

func drawn(t testing.TB, tag string, o compliance.Obligation) (seriesChart, string) {
	t.Helper()
	ctx, sc := spoken(t, tag)
	c, ok := seriesOf(ctx, sc, o)
	if !ok {
		t.Fatal("nothing is drawn")
	}
	var b strings.Builder
	if err := seriesDrawing(c, seriesSpoken(ctx, sc, o)).Render(ctx, &b); err != nil {
		t.Fatal(err)
	}
	return c, b.String()
}

// TestABoundIsDrawnAsABound keeps points for values: a bound is a bar with an arrow away from what it says.
func TestABoundIsDrawnAsABound(t *testing.T) {
	o := heavyWater()
	o.Points = append(o.Points, readPoint("2017-11-20", ">120", act.CannotTell))
	c, out := drawn(t, "en", o)
	want := []string{"octagon", "below", "dot", "octagon", "below", "dot", "dot", "dot", "above"}
	for i, p := range c.Points {
		if p.Shape != want[i] {
			t.Errorf("%s is drawn as a %s", p.Told, p.Shape)
		}
	}
	if strings.Count(out, "<circle") != 4 {
		t.Errorf("%d circles for four values that were within", strings.Count(out, "<circle"))
	}
	for _, words := range []string{"limit 130 t", "near from 123.5", "today", "next report", "22 Feb 2018", "20 t shipped out", ">130.9<", ">114.4 t<", "below 130 t", `role="img"`, `direction="ltr"`} {
		if !strings.Contains(out, words) {
			t.Errorf("the drawing does not say %s", words)
		}
	}
	if strings.Contains(out, "style=") {
		t.Error("a style stands in the drawing itself")
	}
}

// TestTimeRunsFromLeftToRight in every language, earlier readings stand further left.
func TestTimeRunsFromLeftToRight(t *testing.T) {
	for _, tag := range []string{"en", "he"} {
		c, out := drawn(t, tag, heavyWater())
		last := -1.0
		for _, p := range c.Points {
			if p.at <= last {
				t.Errorf("%s: %s stands left of the one before it", tag, p.Told)
			}
			last = p.at
		}
		if !strings.Contains(out, `direction="ltr"`) {
			t.Errorf("%s: the drawing turns round", tag)
		}
	}
}

// TestEverythingIsDrawnInside draws whatever readings there are within the drawing, and never fails.
func TestEverythingIsDrawnInside(t *testing.T) {
	number := regexp.MustCompile(`(?:x|cx|x1|x2)="(-?[0-9.]+)"`)
	rapid.Check(t, func(r *rapid.T) {
		o := heavyWater()
		o.Points = nil
		for i := range rapid.IntRange(1, 40).Draw(r, "n") {
			at := time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 4000).Draw(r, "day"))
			v := strconv.FormatFloat(rapid.Float64Range(-1e6, 1e9).Draw(r, "v"), 'f', 3, 64)
			sign := rapid.SampledFrom([]string{"", "<", ">"}).Draw(r, "sign")
			p := readPoint(act.Date(at.Format(time.DateOnly)), sign+v, rapid.SampledFrom([]act.Verdict{act.Within, act.Near, act.Exceeded, act.CannotTell, act.Disputed}).Draw(r, "verdict"))
			p.Counts = i%3 > 0
			o.Points = append(o.Points, p)
		}
		if rapid.Bool().Draw(r, "unlimited") {
			o.Limit, o.Near = nil, nil
		}
		o.Moment = compliance.Today(rapid.SampledFrom([]act.Date{"2015-01-01", "2017-12-12", "2027-01-01", ""}).Draw(r, "on"))
		_, out := drawn(t, "he", o)
		if strings.Contains(out, "NaN") || strings.Contains(out, "Inf") {
			t.Fatalf("no number: %s", out)
		}
		for _, m := range number.FindAllStringSubmatch(out, -1) {
			if x, err := strconv.ParseFloat(m[1], 64); err != nil || x < -1 || x > 791 {
				t.Fatalf("drawn at %s, outside", m[1])
			}
		}
	})
}

// TestAFarBoundDoesNotJoin leaves out a line that a bound contradicts.
func TestALineThatABoundContradictsIsNotDrawn(t *testing.T) {
	o := heavyWater()
	c, _ := drawn(t, "en", o)
	all := len(c.Join)
	o.Points[4] = readPoint("2016-12-06", "<100", act.Within)
	if c, _ = drawn(t, "en", o); len(c.Join) != all-1 {
		t.Errorf("%d lines, %d before a bound contradicts one", len(c.Join), all)
	}
}

// TestDrawings keeps the drawing on a page of its own where ENTENTE_PICTURES names a folder.
func TestDrawings(t *testing.T) {
	folder := os.Getenv("ENTENTE_PICTURES")
	if folder == "" {
		t.Skip("no folder for pictures")
	}
	sheet, err := assets.Stylesheet()
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range drawings() {
		for _, tag := range []string{"en", "he"} {
			ctx, sc := spoken(t, tag)
			c, _ := seriesOf(ctx, sc, o)
			var b strings.Builder
			b.WriteString(`<!doctype html><html lang="` + tag + `" dir="` + locale.Dir(tag) + `"><style>` + string(sheet) + `</style><body><section class="card seriescard"><div class="bd">`)
			if err := templ.Component(seriesDrawing(c, "")).Render(ctx, &b); err != nil {
				t.Fatal(err)
			}
			b.WriteString(`</div></section>`)
			if err := os.WriteFile(filepath.Join(folder, "series-"+name+"-"+tag+".html"), []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// drawings are obligations of several shapes.
func drawings() map[string]compliance.Obligation {
	many := heavyWater()
	many.Points, many.Others = nil, nil
	for i := range 200 {
		at := time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 7*i)
		many.Points = append(many.Points, readPoint(act.Date(at.Format(time.DateOnly)), strconv.Itoa(100+(i*37)%29), act.Within))
	}
	least := heavyWater()
	least.Unit, least.Others, least.Near = "L", nil, &compliance.Line{Value: 16.5, Said: english("near below 16.5")}
	least.Limit = &compliance.Line{Sense: "at-least", Value: 15, Said: english("at least 15 L")}
	least.Points = []compliance.Point{readPoint("2017-09-01", "18.2", act.Within), readPoint("2017-10-01", "16", act.Near), readPoint("2017-11-01", "13.5", act.Exceeded), readPoint("2017-12-01", ">15", act.Within)}
	bound := heavyWater()
	bound.Unit, bound.Others, bound.Near = "kg{UF6}", nil, nil
	bound.Limit = &compliance.Line{Sense: "at-most", Value: 300, Said: english("limit 300 kg UF6")}
	bound.Points = []compliance.Point{readPoint("2016-05-27", "<=300", act.Within)}
	return map[string]compliance.Obligation{"water": heavyWater(), "many": many, "least": least, "bound": bound}
}
