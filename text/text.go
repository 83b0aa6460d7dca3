// Package text holds what the parties write: one text in several authentic
// languages, the characters it may be made of, and how two or more readings of
// it differ word by word.
//
// It knows words and characters only. It does not know parties (a side of a
// bracket is named by an opaque label), acts, markings or screens, and it never
// translates.
//
// # What a text is
//
// A Texts is a list of versions, one a language, sorted by language code,
// without duplicates; nil means that there is none. All of its versions are
// equally authentic. One version is at most MaxText bytes of UTF-8 in
// normalisation form C (UAX #15).
//
// # What characters are allowed
//
// Check accepts a text only if a reader sees every character that is in it, in
// the order in which it is stored. Bidirectional controls, characters without
// a shape, unassigned and private characters, and marks that strike letters out
// are refused with a reason (Bans lists them all). Letters of right-to-left
// languages take their order from their own Unicode properties and from the
// direction of the language (Lang.Dir), never from control characters. The set of assigned
// characters is frozen at Unicode 15.0.0, so that two parties with programs of
// different age never disagree about whether a text is well-formed.
//
// # How texts are compared
//
// Words cuts a text into words, spaces and punctuation marks; Diff compares two
// texts and Bracket merges two to forty into one text with bracketed
// alternatives. Both compare whole words and never split one. Invariants, kept
// by tests: the tokens of a text, joined, are the text; the Same and Cut spans
// of a Diff are the first text and its Same and Put spans the second; what
// Reassemble takes for a side out of the segments of Bracket is that side's
// text, byte for byte.
//
//	segments := text.Bracket("", []text.Side{
//		{Who: "US", Text: "The Parties may meet."},
//		{Who: "IL", Text: "The Parties shall meet."},
//	})
//	text.FormatBrackets(segments) // The Parties [US: may] [IL: shall] meet.
//
// # Brackets as data
//
// A text may itself hold brackets, gaps and options: a Chair's text does. Its
// plain form is specified in docs/spec/brackets.md. ParseBrackets reads it into a
// tree of Nodes, FormatNodes writes the tree as the same bytes; Dispute makes
// such a tree from the positions of several sides, brackets within brackets, with
// the words of the text in force that nobody keeps. Whatever bytes are parsed
// come back unchanged; what is computed is always in form.
//
//	nodes, problems := text.ParseBrackets("The Parties [US: may] [[IL: shall] meet.")
//	// problems[0]: line 1, column 23: this bracket is never closed
//
// # Names that look alike
//
// Skeleton maps a name to the shape that a reader sees, after the method of
// Unicode Technical Standard #39, with a short table of its own; Fold maps a
// text to what a search should find it by. Neither is ever stored or signed.
//
// Sources: UAX #9 (bidirectional text), UAX #15 (normalisation), UAX #29 (word
// boundaries, of which Words is a simple relative), UTS #39 (confusables),
// BCP 47 (language tags).
package text

import (
	"fmt"
	"slices"
	"strings"
)

// MaxText is the greatest length of one language version, in bytes of UTF-8.
const MaxText = 32 << 10

// MaxLangs is how many language versions one text may have.
const MaxLangs = 16

// Version is a text in one language.
type Version struct {
	Lang Lang   `json:"lang"`
	Text string `json:"text"`
}

// Texts is one text in several authentic languages: sorted by language code,
// without duplicates. Nil means that there is no text.
type Texts []Version

// Get returns the version in language l, and whether there is one.
func (t Texts) Get(l Lang) (string, bool) {
	i, ok := t.find(l)
	if !ok {
		return "", false
	}
	return t[i].Text, true
}

// Best returns the version in the first of the preferred languages that there
// is, or else the first version. Of no texts it returns the zero Version.
func (t Texts) Best(prefer ...Lang) Version {
	for _, l := range prefer {
		if i, ok := t.find(l); ok {
			return t[i]
		}
	}
	if len(t) == 0 {
		return Version{}
	}
	return t[0]
}

// With returns t with s as its version in language l; t itself is not changed.
// An empty s takes the version out: a language without words is no version.
func (t Texts) With(l Lang, s string) Texts {
	i, ok := t.find(l)
	out := slices.Clone(t)
	switch {
	case s == "" && ok:
		out = slices.Delete(out, i, i+1)
	case s == "":
	case ok:
		out[i].Text = s
	default:
		out = slices.Insert(out, i, Version{Lang: l, Text: s})
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// Equal reports whether t and o have the same versions, byte for byte.
func (t Texts) Equal(o Texts) bool { return slices.Equal(t, o) }

// Langs returns the languages that t is written in, in order.
func (t Texts) Langs() []Lang {
	out := make([]Lang, len(t))
	for i, v := range t {
		out[i] = v.Lang
	}
	return out
}

// Check reports the first thing that is wrong with t: a language that is not
// known, one out of order or twice, a version without words, or a version that
// Check refuses (then the error wraps a *CharError).
func (t Texts) Check() error {
	for i, v := range t {
		if !v.Lang.Known() {
			return fmt.Errorf("language %q is not one that this program knows", string(v.Lang))
		}
		if i > 0 && t[i-1].Lang >= v.Lang {
			return fmt.Errorf("language %s stands after %s: versions must be in order of language, each once", v.Lang, t[i-1].Lang)
		}
		if v.Text == "" {
			return fmt.Errorf("the %s version is empty: leave it out instead", v.Lang)
		}
		if err := Check(v.Text); err != nil {
			return fmt.Errorf("the %s version: %w", v.Lang, err)
		}
	}
	return nil
}

// find returns where language l stands in t, or would stand.
func (t Texts) find(l Lang) (int, bool) {
	return slices.BinarySearchFunc(t, l, func(v Version, l Lang) int {
		return strings.Compare(string(v.Lang), string(l))
	})
}
