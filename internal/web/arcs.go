package web

import (
	"fmt"

	"entente/plan"
)

// The arcs from passages to goals are drawn by the server, which does not know how a browser
// breaks lines. So paragraphs and goals get a height of so many units, enough for their words at
// the narrowest width at which arcs are shown; where a reader's letters are larger still, the arcs
// miss by a little, and what they say stands in words under every paragraph.
const (
	unitPixels   = 16
	goalUnits    = 8   // a goal's card with its margin
	speechLine   = 44  // letters in a line of a statement, at least
	linePixels   = 29  // a line of a statement
	statusPixels = 31  // a line under it
	speechFrame  = 34  // above and below a paragraph
	sheetPad     = 30  // above the first paragraph
	arcWidth     = 150 // of the drawing
	mostUnits    = 60  // a paragraph taller than this breaks the drawing, not the page
)

// speechUnits is the height of a paragraph with so many letters and passages.
func speechUnits(letters, passages int) int {
	lines := (letters + speechLine - 1) / speechLine
	px := max(lines, 1)*linePixels + max(passages, 1)*statusPixels + speechFrame
	return min((px+unitPixels-1)/unitPixels, mostUnits)
}

// A drawing is the arcs, in pixels.
type drawing struct {
	Height int
	Arcs   []arc
	Stubs  []stub
}

type arc struct {
	Path   string
	FromY  string
	Head   string
	Dashed bool
}

// A stub is a short line that leads nowhere: a passage set aside, a goal without a passage.
type stub struct{ Line, End string }

func drawArcs(rows []speech, goals []goalCard) drawing {
	var d drawing
	middle := make(map[string]int, len(goals))
	y := 0
	for _, g := range goals {
		at := y + g.height*unitPixels/2 - 9
		middle[string(g.Ref)] = at
		if len(g.Passages) == 0 {
			d.Stubs = append(d.Stubs, stub{fmt.Sprintf("M%d %dH%d", arcWidth-38, at, arcWidth), fmt.Sprintf("M%d %dv16", arcWidth-38, at-8)})
		}
		y += g.height * unitPixels
	}
	d.Height = y
	y = sheetPad
	for _, row := range rows {
		from := y + linePixels
		for i, p := range row.Passages {
			at := from + i*11
			if p.State == plan.SetAside {
				d.Stubs = append(d.Stubs, stub{fmt.Sprintf("M0 %dH46", at), fmt.Sprintf("M46 %dv16", at-8)})
			}
			for _, ref := range goalRefs(p) {
				to, ok := middle[string(ref)]
				if !ok {
					continue
				}
				d.Arcs = append(d.Arcs, arc{
					Path:  fmt.Sprintf("M0 %dC75 %d 75 %d %d %d", at, at, to, arcWidth-4, to),
					FromY: fmt.Sprint(at), Head: fmt.Sprintf("M%d %dl9 6-9 6z", arcWidth-9, to-6),
				})
			}
		}
		y += row.height * unitPixels
	}
	d.Height = max(d.Height, y)
	return d
}
