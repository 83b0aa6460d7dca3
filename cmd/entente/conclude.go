package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"entente/act"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/evidence"
	"entente/party"
	"entente/plan"
	"entente/proof"
)

// documentRef is the reference under which a demonstration tables a group's joint document.
const documentRef = act.Ref("D-1")

// A concluded document is one that all parties of a group have agreed on, written and verified.
type concluded struct {
	Group  string       `json:"group"`
	Name   string       `json:"name"`
	Files  []string     `json:"files"`
	Proof  string       `json:"proof"`
	Number string       `json:"number"`
	Report proof.Report `json:"report"`
}

// conclude settles what is open, lets every group agree on its joint document, writes it with its
// proof, and verifies that as a stranger would: from the files and the parties' cards alone.
func (m *Main) conclude(ctx context.Context, p *play, dir string) error {
	if err := p.steps(ctx, p.story.Settle); err != nil {
		return err
	}
	if n := p.count(); n.plan.InBrackets > 0 {
		return fmt.Errorf("%d paragraphs are still in brackets", n.plan.InBrackets)
	} else {
		m.say("  %-29s %s entries, %d paragraphs, all agreed", "settled the last brackets", grouped(n.entries), n.plan.Elements)
	}
	var out []concluded
	for i := range p.story.Groups {
		c, err := p.document(ctx, i, dir)
		if err != nil {
			return fmt.Errorf("the joint document of group %d: %w", i, err)
		}
		out = append(out, c)
	}
	if err := p.inStep(); err != nil {
		return err
	}
	failed := false
	err := m.result(out, func(w io.Writer) {
		for _, c := range out {
			fmt.Fprintf(w, "\n%s\n", c.Name)
			for _, f := range c.Files {
				fmt.Fprintf(w, "  %s\n", f)
			}
			fmt.Fprintf(w, "  %s\n  number  %s\n  %s %s\n", c.Proof, c.Number, c.Report.Answer, c.Report.Tally())
		}
	})
	for _, c := range out {
		failed = failed || !c.Report.Valid
	}
	if err == nil && failed {
		return silent(api.ExitBroken)
	}
	return err
}

// document tables the group's joint document, lets the others accept it, and writes it.
func (p *play) document(ctx context.Context, group int, dir string) (c concluded, err error) {
	g := &p.story.Groups[group]
	c.Group, c.Name = strconv.Itoa(group), g.Name.Best("en").Text
	first := p.town(g.Parties[0])
	if err := p.sendAs(ctx, first, c.Group, api.Ask{Act: "document", Element: string(documentRef)}); err != nil {
		return c, err
	}
	for _, code := range g.Parties[1:] {
		t := p.town(code)
		if err := t.exchange.Fetch(ctx); err != nil {
			return c, err
		}
		if err := t.checkDocument(c.Group); err != nil {
			return c, err
		}
		if err := p.sendAs(ctx, t, c.Group, api.Ask{Act: "accept", Element: string(documentRef), Of: string(first.of.Code)}); err != nil {
			return c, err
		}
	}
	if err := p.settleDown(ctx); err != nil {
		return c, err
	}
	return c, p.writeDocument(ctx, first, &c, dir)
}

func (p *play) sendAs(ctx context.Context, t *town, handle string, ask api.Ask) error {
	g, ok := t.chancery.Group(handle)
	if !ok {
		return chancery.ErrWithheld
	}
	who, err := t.who(ctx, t.convener())
	if err != nil {
		return err
	}
	_, err = api.Send(ctx, g, who, ask)
	return err
}

// checkDocument sees for itself that the document on the table is what was agreed.
func (t *town) checkDocument(handle string) (err error) {
	g, ok := t.chancery.Group(handle)
	if !ok {
		return chancery.ErrWithheld
	}
	g.View(func(s *plan.State) {
		e := s.Element(documentRef)
		if e == nil {
			err = errors.New("the document has not arrived")
			return
		}
		err = s.CheckInstrument(s.Content(e.Leading()))
	})
	return err
}

// writeDocument writes the texts and the proof, and verifies the proof from the files.
func (p *play) writeDocument(ctx context.Context, t *town, c *concluded, dir string) error {
	g, _ := t.chancery.Group(c.Group)
	stem := filepath.Join(dir, "joint-document-"+c.Group)
	for _, l := range p.story.Languages {
		var words string
		var err error
		g.View(func(s *plan.State) { words, err = api.DocumentText(s, documentRef, l) })
		if err != nil {
			return err
		}
		name := stem + "." + string(l) + ".txt"
		if err := writeNew(name, []byte(words), 0o600); err != nil {
			return err
		}
		c.Files = append(c.Files, name)
	}
	var file bytes.Buffer
	if err := api.WriteProof(ctx, &file, t.chancery, g, documentRef); err != nil {
		return err
	}
	c.Proof = stem + ".entente"
	if err := writeNew(c.Proof, file.Bytes(), 0o600); err != nil {
		return err
	}
	var cards []string
	for _, code := range g.Charter().Codes() {
		cards = append(cards, p.town(code).home.path(cardFile))
	}
	var err error
	if c.Report, _, err = examine(c.Proof, cards, nil); err != nil {
		return err
	}
	c.Number = c.Report.Number
	return c.sameTexts()
}

// sameTexts compares the files written with the text that the proof holds.
func (c *concluded) sameTexts() error {
	if c.Report.Document == nil {
		return nil // the report's checks say what is wrong
	}
	for _, t := range c.Report.Document.Texts {
		for _, name := range c.Files {
			if !strings.HasSuffix(name, "."+string(t.Lang)+".txt") {
				continue
			}
			b, err := os.ReadFile(name)
			if err != nil {
				return cannot("read "+name, err)
			}
			if string(b) != t.Text {
				return fmt.Errorf("%s is not the text that was agreed", name)
			}
		}
	}
	return nil
}

// examine verifies a file with cards, all read from the disk and from nowhere else.
func examine(path string, cardFiles []string, read *gauge) (r proof.Report, again *evidence.Recount, err error) {
	var cards []party.Card
	for _, name := range cardFiles {
		b, err := readSmall(name, party.MaxCard)
		if err != nil {
			return r, nil, err
		}
		card, err := party.ParseCard(b)
		if err != nil {
			return r, nil, fmt.Errorf("%s: %w. Nothing was verified. Ask its party for the card again", name, err)
		}
		cards = append(cards, card)
	}
	f, err := os.Open(path)
	if err != nil {
		return r, nil, cannot("read "+path, err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		read.expect(uint64(info.Size()))
	}
	r, again = evidence.Examine(gaugedReader{f, read}, cards...)
	return r, again, nil
}

// readSmall reads a file that must not be larger than a limit, in bytes.
func readSmall(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, cannot("read "+path, err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, cannot("read "+path, err)
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("%s is larger than such a file can be (%d bytes). Nothing was read. Choose the right file", path, limit)
	}
	return b, nil
}
