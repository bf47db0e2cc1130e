package command

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"runtime"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
)

// Version of the program, as required_version compares it.
const Version = "0.1.0"

func versionCommand(out io.Writer) *cli.Command {
	return &cli.Command{
		Name: "version", Usage: "print the version",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "print JSON"}},
		Action: func(_ context.Context, c *cli.Command) error {
			if err := positional(c, 0, 0, ""); err != nil {
				return err
			}
			return printVersion(out, c.Bool("json"))
		},
	}
}

func printVersion(out io.Writer, asJSON bool) error {
	platform := runtime.GOOS + "_" + runtime.GOARCH
	if asJSON {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		return enc.Encode(map[string]string{"lockstep_version": Version, "platform": platform, "terraform_version": view.TerraformVersion})
	}
	_, err := fmt.Fprintf(out, "lockstep v%s\non %s\n+ the forms of Terraform v%s\n", Version, platform, view.TerraformVersion)
	return err
}
