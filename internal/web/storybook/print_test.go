package storybook_test

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"testing"

	"github.com/chromedp/chromedp"
)

var (
	pdfObject   = regexp.MustCompile(`(?s)(\d+) 0 obj(.*?)endobj`)
	pdfPage     = regexp.MustCompile(`/Type\s*/Page\b`)
	pdfContents = regexp.MustCompile(`/Contents (\d+) 0 R`)
	pdfStream   = regexp.MustCompile(`(?s)stream\r?\n(.*?)endstream`)
	// the ground of the marking bar, #0b0b0c, as a PDF fills it
	barGround = regexp.MustCompile(`\.0431\d* \.0431\d* \.0470?\d* rg`)
)

// TestMarkingOnEverySheet prints a long page and looks for both bars on each sheet.
func TestMarkingOnEverySheet(t *testing.T) {
	ctx, base := browser(t), serve(t)
	do(t, ctx, chromedp.Navigate(address(base, look{"parts", "en", "dark"})), chromedp.WaitReady(".js"))
	pdf, err := chromedp.Run(ctx, chromedp.PrintToPDF())
	if err != nil {
		t.Fatal(err)
	}
	objects := map[string][]byte{}
	for _, m := range pdfObject.FindAllSubmatch(pdf, -1) {
		objects[string(m[1])] = m[2]
	}
	sheets := 0
	for _, body := range objects {
		if !pdfPage.Match(body) {
			continue
		}
		sheets++
		contents := pdfContents.FindSubmatch(body)
		if contents == nil {
			t.Fatal("a sheet without contents")
		}
		packed := pdfStream.FindSubmatch(objects[string(contents[1])])
		if packed == nil {
			t.Fatal("contents without a stream")
		}
		r, err := zlib.NewReader(bytes.NewReader(packed[1]))
		if err != nil {
			t.Fatal(err)
		}
		drawn, err := io.ReadAll(r)
		if err != nil && len(drawn) == 0 {
			t.Fatal(err)
		}
		if n := len(barGround.FindAll(drawn, -1)); n != 2 {
			t.Errorf("a sheet has %d marking bars", n)
		}
	}
	if sheets < 2 {
		t.Errorf("%d sheets: nothing was shown", sheets)
	}
}
