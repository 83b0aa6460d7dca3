package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"entente/internal/api"
)

// Main is the program with everything it takes from the system.
type Main struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	Now            func() time.Time

	data string // the data folder
	as   string // the person who acts
	json bool
}

// usageError says that a command was called wrongly.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// silent ends a command with a code when everything has been said.
type silent int

func (s silent) Error() string { return fmt.Sprintf("exit %d", int(s)) }

// Run carries out one command and gives the exit code.
func (m *Main) Run(ctx context.Context, args []string) int {
	root := m.root()
	root.SetArgs(args)
	root.SetOut(m.Stdout)
	root.SetErr(m.Stderr)
	c, err := root.ExecuteContextC(ctx)
	if err != nil && isCobraUsage(err) {
		err = misused(c, err)
		m.json = m.json || slices.Contains(args, "--json") // reading may have stopped before it
	}
	return m.end(err)
}

// end says what went wrong, and gives its exit code.
func (m *Main) end(err error) int {
	var quiet silent
	var usage usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &quiet):
		return int(quiet)
	}
	f := api.FaultOf(err)
	if errors.As(err, &usage) {
		f = &api.Fault{Kind: "usage", Message: err.Error(), Exit: api.ExitUsage}
	}
	if m.json {
		if err := m.print(map[string]*api.Fault{"error": f}); err != nil {
			return api.ExitFailed
		}
		return f.Exit
	}
	fmt.Fprintf(m.Stderr, "entente: %s\n", f.Message)
	if f.Exit == api.ExitUsage && !strings.Contains(f.Message, "entente help") {
		fmt.Fprintln(m.Stderr, "See: entente help")
	}
	return f.Exit
}

// isCobraUsage recognises the errors of the command line's own reader.
func isCobraUsage(err error) bool {
	for _, begin := range []string{"unknown command", "unknown flag", "unknown shorthand", "accepts ", "requires ", "required flag", "invalid argument", "flag needs", "if any flags", "bad flag"} {
		if strings.HasPrefix(err.Error(), begin) {
			return true
		}
	}
	return false
}

// misused says how a command is called, where its words or flags were not understood.
func misused(c *cobra.Command, err error) error {
	why := err.Error()
	switch {
	case strings.HasPrefix(why, "unknown command") && c.HasParent():
		why = fmt.Sprintf("%q takes no such word.", c.CommandPath())
	case strings.HasPrefix(why, "unknown command"):
		name, _, _ := strings.Cut(strings.TrimPrefix(why, "unknown command "), " for ")
		return usagef("There is no command %s. Nothing was done.", name)
	case strings.HasPrefix(why, "accepts "), strings.HasPrefix(why, "requires "):
		why = "Words are missing, or there are too many."
	default:
		why = strings.ToUpper(why[:1]) + why[1:] + "."
	}
	return usagef("%s Nothing was done. It is called so:  %s\nSee: %s", why, strings.TrimSuffix(c.UseLine(), " [flags]"), helpFor(c))
}

// helpFor is the command that explains c.
func helpFor(c *cobra.Command) string {
	return strings.Replace(c.CommandPath(), "entente", "entente help", 1)
}

// print writes a result as JSON.
func (m *Main) print(v any) error {
	e := json.NewEncoder(m.Stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// result writes a result: as JSON where that was asked for, else for a reader.
func (m *Main) result(v any, human func(w io.Writer)) error {
	if m.json {
		return m.print(v)
	}
	human(m.Stdout)
	return nil
}

// say talks to a person, on the standard error.
func (m *Main) say(format string, args ...any) {
	if !m.json {
		fmt.Fprintf(m.Stderr, format+"\n", args...)
	}
}

// asks reports whether a person sits at a terminal and can be asked.
func (m *Main) asks() bool { return isTerminal(m.Stdin) }

// root is the command with all its commands.
func (m *Main) root() *cobra.Command {
	root := &cobra.Command{
		Use: "entente", Short: "Keeps one joint plan between parties that each run their own server.",
		SilenceErrors: true, SilenceUsage: true, DisableAutoGenTag: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		Args:              cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			fmt.Fprint(m.Stdout, overview)
			return nil
		},
	}
	f := root.PersistentFlags()
	f.StringVar(&m.data, "data", or(m.Getenv("ENTENTE_DATA"), "entente-data"), "the data folder ($ENTENTE_DATA)")
	f.StringVar(&m.as, "as", m.Getenv("ENTENTE_PERSON"), "the person who acts ($ENTENTE_PERSON)")
	f.BoolVar(&m.json, "json", false, "results as JSON")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.SetHelpFunc(m.help)
	root.AddCommand(m.demoCommand(), m.initCommand(), m.inviteCommand(), m.joinCommand(), m.acceptCommand(), m.personCommand(), m.tokenCommand(),
		m.groupCommand(), m.planCommand(), m.proposeCommand(), m.answerCommand(), m.remarkCommand(),
		m.silenceCommand(), m.certifyCommand(), m.packageCommand(), m.holidaysCommand(), m.roundCommand(), m.boardCommand(),
		m.statementCommand(), m.syncCommand(), m.bundleCommand(), m.serveCommand(), m.verifyCommand(), m.logCommand(), m.showCommand(), m.exportCommand(),
		m.backupCommand(), m.restoreCommand(), m.recoverCommand(), m.versionCommand())
	root.AddCommand(m.marginCommand(), m.importCommand())
	root.AddCommand(m.monitorCommand(), m.verdictCommand(), m.observeCommand(), m.observationsCommand(), m.disputeCommand(), m.programmeCommand(), m.evidenceCommand())
	root.SetHelpCommand(&cobra.Command{Use: "help [COMMAND]", Short: "Explains a command, or our words.", RunE: m.helpCommand})
	return root
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
