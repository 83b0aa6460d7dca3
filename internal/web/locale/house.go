package locale

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"unicode/utf8"
)

// The rooms below the pages refuse acts, close logs and judge proofs in English sentences of their
// own: the same words at the command line, in the API and in logs. What stands in house/he.json and
// so on says them in other languages. A sentence goes by its form: the English format string as it
// stands in the source, with its places. A form that is not there is a test's failure for the
// refusals, and comes out in English.

//go:embed house/*.json
var houseFiles embed.FS

// What is put into a place has a direction of its own, whatever stands around it (UAX #9).
const (
	isolateFirst = "\u2068" // by its first strong letter
	isolateEnd   = "\u2069"
)

// maxPlace bounds what is put into one place of a sentence, in characters.
const maxPlace = 400

// readHouse reads the sentences of every language, by their forms.
func readHouse() (map[string]map[string]string, error) {
	out := map[string]map[string]string{}
	files, err := houseFiles.ReadDir("house")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		raw, err := houseFiles.ReadFile(path.Join("house", f.Name()))
		if err != nil {
			return nil, err
		}
		forms := map[string]string{}
		if err := json.Unmarshal(raw, &forms); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
		out[strings.TrimSuffix(f.Name(), path.Ext(f.Name()))] = forms
	}
	return out, nil
}

// House says a sentence of the house in the reader's language: form is its English format string,
// args what stands in its places, already said in that language where it can be. ok is false
// where this language has not the sentence; the model's are said where they are made.
func (p *Printer) House(form string, args ...string) (said string, ok bool) {
	form, ok = p.house[form]
	if !ok {
		return "", false
	}
	if len(args) == 0 {
		return form, true
	}
	places := make([]any, len(args))
	for i, a := range args {
		if utf8.RuneCountInString(a) > maxPlace {
			a = string([]rune(a)[:maxPlace]) + "…"
		}
		places[i] = isolateFirst + a + isolateEnd
	}
	return fmt.Sprintf(form, places...), true
}
