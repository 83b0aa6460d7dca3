package storybook_test

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// golden draws the reference pictures anew: go test ./internal/web/storybook -run TestReferencePictures -golden
var golden = flag.Bool("golden", false, "draw the reference pictures of text on paper anew")

// What two pictures may differ in: edges of letters are drawn a little
// differently from one version of Chromium to the next.
const (
	maxShade  = 64   // levels of 255 by which a point may differ
	maxPoints = 0.01 // of all points may differ by more
	maxSize   = 2    // pixels by which a side may be longer
)

// TestReferencePictures compares paragraphs with brackets in Latin, Hebrew and
// Arabic letters, with digits and parentheses among them, with their pictures.
func TestReferencePictures(t *testing.T) {
	ctx, base := browser(t), serve(t)
	do(t, ctx, sized(760, 900), chromedp.Navigate(address(base, look{"paper", "en", "light"})), chromedp.WaitReady(".js"))
	eval[bool](t, ctx, `document.fonts.ready.then(() => true)`)
	for _, id := range []string{"en-nested", "en-options", "he-nested", "he-options", "he-struck", "ar-nested", "ar-options"} {
		shot, err := chromedp.Run(ctx, chromedp.Screenshot("#"+id))
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", id+".png")
		if *golden {
			if err := os.WriteFile(file, shot, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if off := apart(t, shot, want); off > maxPoints {
			kept := filepath.Join(t.ArtifactDir(), id+".png")
			_ = os.WriteFile(kept, shot, 0o644)
			t.Errorf("%s: %.1f %% of the points differ from %s", id, 100*off, file)
		}
	}
}

// apart gives the share of points in which two pictures differ, 1 for another size.
func apart(t *testing.T, a, b []byte) float64 {
	t.Helper()
	x, y := picture(t, a), picture(t, b)
	wide, high := min(x.Bounds().Dx(), y.Bounds().Dx()), min(x.Bounds().Dy(), y.Bounds().Dy())
	if max(x.Bounds().Dx(), y.Bounds().Dx())-wide > maxSize || max(x.Bounds().Dy(), y.Bounds().Dy())-high > maxSize {
		return 1
	}
	off := 0
	for j := range high {
		for i := range wide {
			r, g, b, _ := x.At(x.Bounds().Min.X+i, x.Bounds().Min.Y+j).RGBA()
			s, h, c, _ := y.At(y.Bounds().Min.X+i, y.Bounds().Min.Y+j).RGBA()
			if max(gap(r, s), gap(g, h), gap(b, c)) > maxShade<<8 {
				off++
			}
		}
	}
	return float64(off) / float64(wide*high)
}

func gap(a, b uint32) uint32 { return max(a, b) - min(a, b) }

func picture(t *testing.T, file []byte) image.Image {
	t.Helper()
	m, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestPicturesTellTextsApart makes sure that a picture of another text is not
// taken for the right one.
func TestPicturesTellTextsApart(t *testing.T) {
	read := func(id string) []byte {
		file, err := os.ReadFile(filepath.Join("testdata", id+".png"))
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	if off := apart(t, read("he-nested"), read("he-nested")); off != 0 {
		t.Errorf("a picture differs from itself in %.3f", off)
	}
	if off := apart(t, read("he-nested"), read("ar-nested")); off <= maxPoints {
		t.Errorf("Hebrew is taken for Arabic: %.3f", off)
	}
}

// TestPaperSaysLanguageAndDirection reads what the browser makes of mixed
// scripts: every text has its language and direction, what is said for the ear is
// in the page's language, and the words of a right-to-left text run that way.
func TestPaperSaysLanguageAndDirection(t *testing.T) {
	ctx, base := browser(t), serve(t)
	for _, page := range []string{"en", "he"} {
		do(t, ctx, sized(760, 900), chromedp.Navigate(address(base, look{"paper", page, "light"})), chromedp.WaitReady(".js"))
		for _, wrong := range eval[[]string](t, ctx, `[...document.querySelectorAll("[data-plain]")].flatMap(p => {
			const out = [], lang = p.id || p.closest(".para").id, want = p.lang === "en" ? "ltr" : "rtl";
			if (!lang.startsWith(p.lang) || p.dir !== want || getComputedStyle(p).direction !== want) out.push(lang + " has language " + p.lang + ", direction " + p.dir);
			for (const e of p.querySelectorAll(".vh")) {
				const said = e.closest("[lang]").lang;
				if (said !== document.documentElement.lang) out.push(lang + ": what is heard is in " + said + ": " + e.textContent);
			}
			for (const e of p.querySelectorAll(".bk")) {
				const o = e.querySelector(".o").getBoundingClientRect(), b = e.querySelector(".pty");
				if (b && o.top - 20 < b.getBoundingClientRect().top && (want === "ltr") !== (o.left < b.getBoundingClientRect().left)) out.push(lang + ": a badge stands before its bracket");
				const first = e.querySelector(".pty ~ .t, .pty ~ .struck");
				if (first && e.querySelectorAll(".pty").length === 1 && Math.abs(o.bottom - first.getClientRects()[0].bottom) > 14) out.push(lang + ": bracket and first word are on two lines");
			}
			return out; })`) {
			t.Errorf("%s page: %s", page, wrong)
		}
		if n := eval[int](t, ctx, `document.querySelectorAll(".opt .optn bdi").length`); n < 6 {
			t.Errorf("%d numbers of options stand by themselves", n)
		}
		heard := eval[string](t, ctx, `document.querySelector("#en-struck .bk .vh").textContent`)
		if page == "en" && !strings.Contains(heard, "struck out by United States, Israel") {
			t.Errorf("heard %q", heard)
		}
	}
}
