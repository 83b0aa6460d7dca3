package assets_test

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"entente/internal/web/assets"
)

// Contrast after WCAG 2.2: text needs 4.5 : 1 (AA), the edge of a control and
// anything else one must see needs 3 : 1.
const (
	textNeeds  = 4.5
	shapeNeeds = 3.0
)

// tokens reads the colours of 20-tokens.css: name to light and dark.
func tokens(t *testing.T) map[string][2]string {
	t.Helper()
	css, err := assets.Stylesheet()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][2]string{}
	for _, m := range regexp.MustCompile(`--([a-z0-9-]+):light-dark\((#[0-9a-f]{6})[0-9a-f]*,(#[0-9a-f]{6})[0-9a-f]*\)`).FindAllStringSubmatch(string(css), -1) {
		out[m[1]] = [2]string{m[2], m[3]}
	}
	for _, m := range regexp.MustCompile(`--([a-z0-9-]+):(#[0-9a-f]{6})[;\s]`).FindAllStringSubmatch(string(css), -1) {
		out[m[1]] = [2]string{m[2], m[2]}
	}
	return out
}

func luminance(hex string) float64 {
	var l float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v, _ := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		c := float64(v) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		l += weight * c
	}
	return l
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	if x < y {
		x, y = y, x
	}
	return (x + 0.05) / (y + 0.05)
}

// pairs lists every pair the stylesheet lays one on the other.
func pairs() (text, shape [][2]string) {
	for _, ground := range []string{"paper", "sheet", "sunk", "hover", "stub"} {
		for _, ink := range []string{"ink", "ink-2", "ink-3"} {
			text = append(text, [2]string{ink, ground})
		}
		shape = append(shape, [2]string{"control", ground})
	}
	text = append(text, [2]string{"ink-inv", "ink"}, [2]string{"ink-inv", "ink-2"})
	for p := 1; p <= 6; p++ {
		c, tint, x := fmt.Sprintf("p%d-c", p), fmt.Sprintf("p%d-t", p), fmt.Sprintf("p%d-x", p)
		text = append(text, [2]string{"ink-inv", c}, [2]string{x, tint}, [2]string{x, "sheet"}, [2]string{x, "paper"}, [2]string{"ink", tint})
		shape = append(shape, [2]string{c, "sheet"}, [2]string{c, "paper"}, [2]string{c, tint})
	}
	for _, v := range []string{"ok", "near", "unk"} {
		text = append(text, [2]string{v + "-x", v + "-t"}, [2]string{v + "-x", "sheet"})
	}
	text = append(text, [2]string{"ink-inv", "bad-c"}, [2]string{"bad-x", "sheet"}, [2]string{"bad-x", "bad-t"}, [2]string{"ink", "ok-t"}, [2]string{"ink", "bad-t"})
	shape = append(shape, [2]string{"bad-c", "sheet"}, [2]string{"ok-c", "sheet"}, [2]string{"unk-c", "sheet"})
	for _, tlp := range []string{"tlp-red", "tlp-amber", "tlp-green", "tlp-clear", "mark-ink"} {
		text = append(text, [2]string{tlp, "mark-ground"})
	}
	for _, term := range []string{"term-ink", "term-dim", "term-ok"} {
		text = append(text, [2]string{term, "term-ground"})
	}
	return text, shape
}

func TestContrast(t *testing.T) {
	all := tokens(t)
	text, shape := pairs()
	lowest, where := math.Inf(1), ""
	check := func(list [][2]string, needs float64, what string) {
		for _, pair := range list {
			front, ok1 := all[pair[0]]
			back, ok2 := all[pair[1]]
			if !ok1 || !ok2 {
				t.Errorf("%s or %s is no token", pair[0], pair[1])
				continue
			}
			for i, ground := range []string{"light", "dark"} {
				c := contrast(front[i], back[i])
				if c < needs {
					t.Errorf("%s %s on %s, %s: %.2f : 1, needs %.1f", what, pair[0], pair[1], ground, c, needs)
				}
				if needs == textNeeds && c < lowest {
					lowest, where = c, strings.Join(pair[:], " on ")+", "+ground
				}
			}
		}
	}
	check(text, textNeeds, "text")
	check(shape, shapeNeeds, "shape")
	t.Logf("%d pairs; the lowest text is %s at %.2f : 1", 2*(len(text)+len(shape)), where, lowest)
}
