package story

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// What stands in the file, before it is understood.
type (
	wireTexts map[string]string
	wireStory struct {
		ID        string      `json:"id"`
		Title     wireTexts   `json:"title"`
		Notice    wireTexts   `json:"notice"`
		Languages []string    `json:"languages"`
		Drafts    []string    `json:"drafts"`
		Date      string      `json:"date"`
		Parties   []wireParty `json:"parties"`
		Groups    []wireGroup `json:"groups"`
		Steps     []wireStep  `json:"steps"`
		Settle    []wireStep  `json:"settle"`
		Margin    []wireNote  `json:"margin"`
	}
	wireParty struct {
		Code      string        `json:"code"`
		Names     wireTexts     `json:"names"`
		Zone      string        `json:"zone"`
		Capital   wireTexts     `json:"capital"`
		Languages []string      `json:"languages"`
		Rest      []string      `json:"rest"`
		Holidays  []wireHoliday `json:"holidays"`
		People    []wirePerson  `json:"people"`
	}
	wirePerson struct {
		ID     string    `json:"id"`
		Name   wireTexts `json:"name"`
		Role   wireTexts `json:"role"`
		Agency wireTexts `json:"agency"`
		Powers []string  `json:"powers"`
	}
	wireGroup struct {
		Number  *uint32      `json:"number"`
		Name    wireTexts    `json:"name"`
		Terms   wireTexts    `json:"terms"`
		Parties []string     `json:"parties"`
		Chairs  []wireChair  `json:"chairs"`
		Marking string       `json:"marking"`
		Silence *wireSilence `json:"silence"`
		InStep  bool         `json:"in_step"`
	}
	wireChair struct {
		Party  string `json:"party"`
		Person string `json:"person"`
	}
	wireStep struct {
		At      string  `json:"at"`
		Party   string  `json:"party"`
		By      string  `json:"by"`
		Group   *uint32 `json:"group"`
		Act     string  `json:"act"`
		Element string  `json:"element"`
		wireContent
		wireTalks
		wireWatched
		wireObserved
		Of       string `json:"of"`
		Sort     string `json:"sort"`
		AsOf     string `json:"as_of"`
		Progress string `json:"progress"`
		Disputes string `json:"disputes"`
	}
	wireContent struct {
		Kind      string              `json:"kind"`
		Parent    string              `json:"parent"`
		Order     uint32              `json:"order"`
		Title     wireTexts           `json:"title"`
		Text      wireTexts           `json:"text"`
		Lead      []string            `json:"lead"`
		Support   []string            `json:"support"`
		Due       string              `json:"due"`
		Cites     []string            `json:"cites"`
		Source    wireTexts           `json:"source"`
		Marking   string              `json:"marking"`
		SaidBy    wireTexts           `json:"said_by"`
		SaidOn    string              `json:"said_on"`
		Body      map[string][]string `json:"body"`
		Paragraph uint32              `json:"paragraph"`
		Quote     string              `json:"quote"`
		Aside     wireTexts           `json:"aside"`
		Amount    string              `json:"amount"`
		Unit      wireTexts           `json:"unit"`
		Follows   map[string]string   `json:"follows"`
		Contains  []wireMember        `json:"contains"`
		Opens     string              `json:"opens"`
		Closes    string              `json:"closes"`
	}
)

// decode reads the file's JSON into its wire form, and refuses what encoding/json lets pass:
// names that are repeated or differ in capitals, and anything after the end.
func decode(b []byte) (*wireStory, error) {
	if err := checkNames(b); err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	var w wireStory
	if err := d.Decode(&w); err != nil {
		return nil, placed(b, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("line %d: there is more after the end of the story", line(b, d.InputOffset()))
	}
	return &w, nil
}

// placed adds the line to an error of encoding/json.
func placed(b []byte, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("line %d: %w", line(b, syntax.Offset), err)
	case errors.As(err, &kind):
		return fmt.Errorf("line %d: %w", line(b, kind.Offset), err)
	}
	return err
}

func line(b []byte, offset int64) int {
	return 1 + bytes.Count(b[:min(offset, int64(len(b)))], []byte("\n"))
}

// checkNames walks the tokens and refuses an object name that is repeated, or that is not made
// of small letters and low lines.
func checkNames(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	type object struct {
		names map[string]bool // nil for an array
		value bool            // the next token is a value
	}
	stack := []object{}
	for {
		t, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return placed(b, err)
		}
		top := len(stack) - 1
		if name, ok := t.(string); ok && top >= 0 && stack[top].names != nil && !stack[top].value {
			if stack[top].names[name] || !plainName(name) {
				return fmt.Errorf("line %d: the name %.40q is repeated, or not in small letters", line(b, d.InputOffset()), name)
			}
			stack[top].names[name], stack[top].value = true, true
			continue
		}
		if top >= 0 {
			stack[top].value = false
		}
		switch t {
		case json.Delim('{'):
			stack = append(stack, object{names: map[string]bool{}})
		case json.Delim('['):
			stack = append(stack, object{})
		case json.Delim('}'), json.Delim(']'):
			stack = stack[:len(stack)-1]
		}
	}
}

func plainName(s string) bool {
	for i := range len(s) {
		if s[i] != '_' && (s[i] < 'a' || s[i] > 'z') {
			return false
		}
	}
	return s != ""
}
