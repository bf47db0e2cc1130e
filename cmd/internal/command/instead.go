package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"lockstep/schema"
)

// insteadOfCommand says what takes the place of a command that Terraform has and
// lockstep has not; empty for others.
func insteadOfCommand(name string) string {
	const (
		again   = "To make an object anew, take its block out, apply, put it back and apply again; or delete it in the CRM and plan: what is gone is made again."
		nothing = "Providers are part of the program, and modules are folders: there is nothing to fetch. `lockstep init` checks the folder."
	)
	return map[string]string{
		"refresh":          "Each plan reads what is live. `lockstep drift` tells what moved in the CRM, and writes nothing.",
		"env":              "Write `lockstep workspace`.",
		"taint":            again,
		"untaint":          "Nothing is marked to be replaced, so there is nothing to take back.",
		"get":              nothing,
		"modules":          nothing,
		"providers":        nothing,
		"metadata":         "`lockstep console` knows the functions.",
		"replace-provider": "An object keeps its provider. Take it out with `lockstep state rm`; the next plan finds it by its natural key and adopts it.",
		"cloud":            "There is no service behind lockstep. Keep the files and the state under version control, and let a pipeline plan and apply.",
	}[name]
}

// insteadOfFlag says what takes the place of a flag that Terraform has and lockstep
// has not; empty for others.
func insteadOfFlag(name string) string {
	const (
		part  = "`lockstep plan`, `apply` and `destroy` take -target=ADDRESS, -exclude=ADDRESS and -replace=ADDRESS, each as often as there are addresses."
		fetch = "Providers are part of the program, and modules are folders: there is nothing to fetch or to lock."
		state = "Where the state lies is said in the files: lockstep { backend \"local\" { path = \"lockstep.state.jsonl\" } }."
		lock  = "The state is always locked while it is written. The error names the run that holds it: wait for that run, or end it; `lockstep force-unlock` ends the lock of one that has ended."
	)
	return map[string]string{
		"target": part, "exclude": part, "replace": part, "target-file": part, "exclude-file": part,
		"refresh-only":        "`lockstep drift` tells what moved in the CRM, and writes nothing.",
		"refresh":             "A plan needs what is live: -refresh=all reads all, -refresh=changed what changed since all was in step.",
		"parallelism":         "Reading calls run side by side as far as the API's rate limit allows, which it states itself; `lockstep apply` takes -parallelism=N for those that write.",
		"lock":                lock,
		"lock-timeout":        "Only what writes the state waits for its lock: `lockstep apply` takes -lock-timeout=DURATION.",
		"state":               state,
		"state-out":           state,
		"backup":              "The state is one file of lines, which is replaced in one step: copy it before a run, or keep it under version control.",
		"backend":             state,
		"backend-config":      state,
		"reconfigure":         state,
		"migrate-state":       "Write the new backend block, and run `lockstep state migrate -from=BACKEND`.",
		"upgrade":             fetch,
		"get":                 fetch,
		"plugin-dir":          fetch,
		"lockfile":            fetch,
		"compact-warnings":    "Warnings of one cause fold by themselves.",
		"generate-config-out": "`lockstep plan` takes -generate-config-out=FILE.",
		"concise":             "Equal changes fold by themselves; -full unfolds them.",
		"allow-missing":       "Take the block out of the files, or write it: what is imported is declared.",
	}[name]
}

// wrongFlag words what is wrong with a flag, and what to do instead.
func wrongFlag(c *cli.Command, err error) string {
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if unknown {
		name = strings.TrimLeft(name, "-")
		advice := insteadOfFlag(name)
		if near := schema.Near(name, namesOfFlags(c)); advice == "" && near != "" {
			advice = "Did you mean -" + near + "?"
		}
		return strings.TrimRight(fmt.Sprintf("There is no flag -%s. %s", name, advice), " ")
	}
	text := capital(badFlag(err)) + "."
	if _, flag, found := strings.Cut(err.Error(), "for flag -"); found {
		flag, _, _ = strings.Cut(flag, ":")
		if advice := insteadOfFlag(strings.TrimLeft(flag, "-")); advice != "" {
			text += " " + advice
		}
	}
	return text
}

func namesOfFlags(c *cli.Command) []string {
	var names []string
	for _, f := range c.Flags {
		names = append(names, f.Names()...)
	}
	return names
}

// unknownCommand answers the name of a command that there is not.
func unknownCommand(c *cli.Command, name string) error {
	var names []string
	for _, sub := range c.Commands {
		if !sub.Hidden {
			names = append(names, sub.Name)
		}
	}
	advice := schema.DidYouMean(name, names)
	if instead := insteadOfCommand(name); instead != "" && !slices.Contains(names, name) {
		advice = " " + instead
	}
	return usage("There is no command %q.%s\n\nThe commands are: %s.", name, advice, strings.Join(names, ", "))
}
