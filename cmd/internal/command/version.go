package command

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"

	"github.com/urfave/cli/v3"
)

// Version of the program, as required_version compares it.
const Version = "0.1.0"

func (a *app) versionCommand() *cli.Command {
	return &cli.Command{
		Name: "version", Usage: "print the version",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "print JSON"}},
		Action: func(_ context.Context, c *cli.Command) error {
			if err := positional(c, 0, 0, ""); err != nil {
				return err
			}
			return a.printVersion(c.Bool("json"))
		},
	}
}

func (a *app) printVersion(asJSON bool) error {
	platform := runtime.GOOS + "_" + runtime.GOARCH
	if asJSON {
		enc := json.NewEncoder(a.env.Stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(map[string]string{"lockstep_version": Version, "platform": platform})
	}
	_, err := fmt.Fprintf(a.env.Stdout, "lockstep v%s\non %s\n", Version, platform)
	return err
}
