package web_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// otherEyes are pages on which all that colour says comes together: parties, brackets, states, marks.
var otherEyes = []string{"/g/1/plan", "/g/1/e/A-1.1.2/negotiate", "/g/1/doc"}

// emulate sets a preference that the system of the reader has.
func emulate(t *testing.T, preference, value string) func(path string, b *browser, theme string) string {
	t.Helper()
	ctx := window(t)
	return func(path string, b *browser, theme string) string {
		b.bring(ctx, "en", theme)
		steps(t, ctx, chromedp.EmulateViewport(1440, 1000))
		if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: preference, Value: value}}}); err != nil {
			t.Fatal(err)
		}
		steps(t, ctx, chromedp.Navigate(b.site+path), chromedp.WaitReady("#main"))
		if !asked[bool](t, ctx, `matchMedia("(`+preference+`: `+value+`)").matches`) {
			t.Fatalf("the browser does not take %s: %s", preference, value)
		}
		picture(t, ctx, preference+"-"+theme+strings.ReplaceAll(path, "/", "_"))
		return asked[string](t, ctx, map[string]string{"forced-colors": lostInForcedColors, "prefers-contrast": faintText}[preference])
	}
}

// shapes are a function that says whether an element is shown.
const shapes = `const shown = e => { const r = e.getBoundingClientRect(), s = getComputedStyle(e); return r.width > 1 && r.height > 1 && s.visibility !== "hidden" && s.opacity !== "0" };
	const name = e => e.outerHTML.slice(0, 80);`

// lostInForcedColors names what only its colour told apart, where the system's few colours are all there is.
const lostInForcedColors = `(() => { ` + shapes + `
	const bad = [], all = q => [...document.querySelectorAll(q)].filter(shown);
	for (const e of all(".pty, .chip, .btn")) if (Math.max(...["borderTopWidth", "borderInlineStartWidth"].map(k => parseFloat(getComputedStyle(e)[k]))) < 1) bad.push("no edge: " + name(e));
	for (const e of all(".pty.open")) if (getComputedStyle(e).borderTopStyle !== "dotted") bad.push("an open badge like a filled one: " + name(e));
	for (const e of all(".bk .t")) if (!getComputedStyle(e).textDecorationLine.includes("underline")) bad.push("bracketed words without a line: " + name(e));
	for (const e of all("[aria-current]")) { const s = getComputedStyle(e);
		if (parseFloat(s.borderTopWidth) < 1 && parseFloat(s.outlineWidth) < 1 && s.textDecorationLine === "none" && s.fontWeight < 600) bad.push("not shown to be the one here: " + name(e)) }
	const rgb = document.createElement("i"); rgb.style.color = "CanvasText"; document.body.append(rgb); const ink = getComputedStyle(rgb).color; rgb.remove();
	for (const e of all("svg.mk")) if (getComputedStyle(e).stroke !== ink) bad.push("a mark that may not be seen: " + name(e));
	if (all(".pty").length + all("svg.mk").length === 0) bad.push("nothing to look at");
	return bad.slice(0, 5).join("\n") })()`

// faintText names text that has less contrast than 7 : 1 with what lies behind it (WCAG 2.2, 1.4.6).
const faintText = `(() => { ` + shapes + `
	const parts = c => { const m = c.match(/[\d.]+/g).map(Number); return c.startsWith("color(srgb") ? [m[0]*255, m[1]*255, m[2]*255, m[3] ?? 1] : [m[0], m[1], m[2], m[3] ?? 1] };
	const lum = c => { const f = c.slice(0, 3).map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * f[0] + .7152 * f[1] + .0722 * f[2] };
	const over = (a, b) => a.slice(0, 3).map((v, i) => v * a[3] + b[i] * (1 - a[3])).concat(1);
	const behind = e => { if (!e) return [255, 255, 255, 1]; const c = parts(getComputedStyle(e).backgroundColor); return c[3] === 1 ? c : over(c, behind(e.parentElement)) };
	const bad = new Set(), walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); let seen = 0;
	while (walk.nextNode()) { const e = walk.currentNode.parentElement;
		if (!walk.currentNode.data.trim() || !shown(e) || e.closest("script, style, .vh, [aria-disabled=true], :disabled")) continue;
		seen++;
		const back = behind(e), ink = over(parts(getComputedStyle(e).color), back), [a, b] = [lum(ink), lum(back)].sort((x, y) => y - x);
		const ratio = (a + .05) / (b + .05);
		if (ratio < 7) bad.add(ratio.toFixed(1) + ": " + walk.currentNode.data.trim().slice(0, 30) + " in " + e.tagName + "." + e.className) }
	if (seen < 20) bad.add("only " + seen + " texts were found");
	return [...bad].slice(0, 12).join("\n") })()`

// TestForcedColoursInABrowser: with the system's colours alone, parties, brackets, states and where
// one is are still told apart by their shapes.
func TestForcedColoursInABrowser(t *testing.T) {
	x := play(t)
	look := emulate(t, "forced-colors", "active")
	b := x.us.signedIn()
	for _, path := range otherEyes {
		for _, theme := range []string{"light", "dark"} {
			if bad := look(path, b, theme); bad != "" {
				t.Errorf("%s, %s\n%s", path, theme, bad)
			}
		}
	}
}

// TestMoreContrastInABrowser: who asks for more contrast gets 7 : 1 for every word.
func TestMoreContrastInABrowser(t *testing.T) {
	x := play(t)
	look := emulate(t, "prefers-contrast", "more")
	b := x.us.signedIn()
	for _, path := range otherEyes {
		for _, theme := range []string{"light", "dark"} {
			if bad := look(path, b, theme); bad != "" {
				t.Errorf("%s, %s\n%s", path, theme, bad)
			}
		}
	}
}
