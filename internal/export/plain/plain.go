// Package plain reads a Chair's text out of Markdown or plain text into drafts
// of acts, and writes a joint document in the plain form of brackets
// (docs/spec/brackets.md). It gives drafts only: it knows no log, no server and
// no person, and tabling what it has read is its caller's affair.
//
// # What it reads
//
// Articles, their paragraphs and sub-paragraphs become elements of the kind
// clause with references C-1, C-1.1, C-1.1.1 in their order. A number stands in
// the title as it stands in the text ("3bis."), and as data in Element.Number.
// Options that are whole paragraphs are elements of their own where they have
// numbered paragraphs of their own, else they stand in the text of the paragraph
// that offers the choice, in the plain form ("Option 1: …"). Brackets stay in
// the texts as they are; text.ParseBrackets makes data of them.
//
// Two forms are read: Markdown with the extensions of kramdown (front matter,
// footnotes, {:toc}), and text laid out by pdftotext -layout (pages parted by form
// feeds, with headings and numbers of pages).
//
// # Invariants, kept by tests
//
//   - Every word of the source stands in the elements, in its order, or in
//     Draft.Skips, which says where and why.
//   - The brackets of the elements and of the skips are those of the source.
//   - A bracket that has no other half in its article is told with its line and
//     column, and stays in the text.
//   - Whatever is read, Batches gives acts that act.Encode takes.
//
// # Bounds
//
// MaxSource bytes, MaxElements elements, MaxLevels levels; what is longer than one
// text holds is split between sentences, and told.
//
//	d, err := plain.Read(source, plain.Options{Lang: "en"})
//	for _, batch := range d.Batches() {
//		// table them
//	}
package plain

import (
	"fmt"

	"entente/act"
	"entente/text"
)

// Bounds of what is read.
const (
	MaxSource   = 4 << 20 // bytes of a source
	MaxElements = 8192    // elements of a draft
	MaxLevels   = 6       // levels of elements: the groups of digits of a reference
	MaxBatch    = 512     // acts of one batch
	MaxProblems = 1000    // problems that are told one by one
)

// A Form is how a source is laid out.
type Form uint8

const (
	Auto     Form = iota // Layout if it has form feeds or no heading of Markdown
	Markdown             // with # headings, * emphasis, [^1] footnotes
	Layout               // plain text: indents, form feeds between pages, nothing hidden
)

// Options say how to read.
type Options struct {
	Lang   text.Lang // of the texts; needed
	Form   Form
	First  int     // the number of the first article's reference; 0 for 1
	Parent act.Ref // what the articles are put under, if anything
	Source string  // where it comes from, for Content.Source; may be empty
	// Offered makes acts that take no position for the party that tables them: a
	// Chair's text.
	Offered bool
}

// A Draft is what was read.
type Draft struct {
	Form     Form      `json:"form"`
	Title    string    `json:"title,omitempty"` // in the front matter, if there
	Elements []Element `json:"elements"`        // in the order of the source
	Articles []Article `json:"articles"`
	Source   Count     `json:"source"` // the whole file, as it stands
	Kept     Count     `json:"kept"`   // what the elements have of it
	Skips    []Skip    `json:"skips,omitempty"`
	Problems []Problem `json:"problems,omitempty"` // in the order of the source
	Untold   int       `json:"untold,omitempty"`   // problems past MaxProblems

	opt Options
}

// An Element is the draft of one act: Draft.Table makes the act of it.
type Element struct {
	Ref    act.Ref     `json:"ref"`
	Parent act.Ref     `json:"parent,omitempty"` // what it stands under, if anything
	Title  string      `json:"title,omitempty"`  // a heading, or the number of a paragraph as it stands
	Text   string      `json:"text,omitempty"`   // in the plain form
	Number text.Number `json:"number,omitzero"`
	Line   int         `json:"line"`  // where it begins, from 1
	Level  int         `json:"level"` // 0 for an article
	Count  Count       `json:"count"`
}

// An Article is one of the main parts of a draft.
type Article struct {
	Ref      act.Ref `json:"ref"`
	Title    string  `json:"title"`
	Elements int     `json:"elements"`
	Count    Count   `json:"count"`
}

// A Count is what is open in a stretch of text.
type Count struct {
	Open     int32 `json:"open"`     // the characters [
	Close    int32 `json:"close"`    // the characters ]
	Depth    int32 `json:"depth"`    // the greatest nesting, counting as one reads
	Brackets int32 `json:"brackets"` // pairs within one element: what is data
	Gaps     int32 `json:"gaps"`     // pairs with nothing between but a space
	Options  int32 `json:"options"`
}

// A Skip is a stretch of the source that is in no element.
type Skip struct {
	From int      `json:"from"` // in bytes
	To   int      `json:"to"`
	Line int      `json:"line"`
	What SkipKind `json:"what"`
}

// A SkipKind is why something was left out.
type SkipKind uint8

// Why something was left out.
const (
	FrontMatter  SkipKind = iota + 1
	Contents              // marks for a table of contents, attributes of kramdown
	LinkTarget            // [name]: address
	Link                  // the brackets and the address of a link
	Footnote              // the words of a footnote
	FootnoteMark          // [^1]
	Emphasis              // * ** ~~ \ and other signs of Markdown
	HTML                  // tags and comments
	PageHeading           // lines at the top of pages
	PageNumber
	ListMark // - or # at the start of a line
)

var skipNames = [...]string{"", "front matter", "marks for contents", "a link's target", "a link", "a footnote", "a footnote mark",
	"emphasis", "HTML", "a page heading", "a page number", "a list mark"}

// String says why, in a few words.
func (k SkipKind) String() string { return skipNames[k] }

// MarshalText writes what String says.
func (k SkipKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// MarshalText writes the form's name.
func (f Form) MarshalText() ([]byte, error) {
	return []byte([...]string{"auto", "markdown", "layout"}[f]), nil
}

// A Problem is something that could not be understood; it was kept as it is.
type Problem struct {
	Line   int     `json:"line"`   // from 1
	Column int     `json:"column"` // in characters, from 1
	What   string  `json:"what"`
	Ref    act.Ref `json:"ref,omitempty"` // of the element in which it is

	at int // in the source, in bytes
}

// String says what is wrong, and where.
func (p Problem) String() string {
	at := fmt.Sprintf("line %d, column %d", p.Line, p.Column)
	if p.Ref != "" {
		at += " (" + p.Ref.Display() + ")"
	}
	return at + ": " + p.What
}
