package command

import (
	"github.com/urfave/cli/v3"

	"lockstep/planner"
)

// selectionFlags say what a plan is about.
func selectionFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "target", Usage: "plan only a `NAME` and what it needs: an address, a block, a kind, a module, or a pattern with *; may be repeated"},
		&cli.StringSliceFlag{Name: "exclude", Usage: "plan all but a `NAME` and what needs it; may be repeated"},
		&cli.StringSliceFlag{Name: "replace", Usage: "delete the object with an `ADDRESS` and make a new one; may be repeated"},
	}
}

// selected is what the command line says that the plan is about.
func selected(c *cli.Command) planner.Selection {
	return planner.Selection{Targets: c.StringSlice("target"), Excludes: c.StringSlice("exclude"), Replace: c.StringSlice("replace")}
}

// mayNarrow refuses what does not go together.
func mayNarrow(c *cli.Command, s planner.Selection) error {
	switch {
	case len(s.Targets) > 0 && len(s.Excludes) > 0:
		return usage("Give either -target or -exclude: together they do not say which one wins.")
	case len(s.Replace) > 0 && c.Bool("destroy"):
		return usage("-replace makes a new object, so it does not go with -destroy.")
	case s.Narrows() && len(c.StringSlice("invoke")) > 0:
		return usage("-invoke plans nothing, so it does not go with -target or -exclude.")
	}
	return nil
}
