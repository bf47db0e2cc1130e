package command

import (
	"context"
	"errors"
	"strings"

	"github.com/urfave/cli/v3"

	"lockstep/providers/credentials"
)

func logoutCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "logout", Usage: "forget a stored login",
		Commands: []*cli.Command{logoutGHLCommand(s), logoutRunkeeperCommand(s)},
		Action:   needsProvider,
	}
}

func logoutGHLCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "ghl", Usage: "forget the stored login of a HighLevel location",
		Description: "Deletes the tokens from this machine. To revoke what the app may do, uninstall it in HighLevel.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "location", Usage: "`ID` of the location; GHL_LOCATION_ID, or the only one, when not given"},
			&cli.BoolFlag{Name: "all", Usage: "forget the logins of all locations and agencies"},
		},
		Action: ghlLogout{login{s}}.run,
	}
}

// ghlLogout forgets logins to locations of HighLevel.
type ghlLogout struct{ login }

func (l ghlLogout) run(ctx context.Context, c *cli.Command) error {
	if err := positional(c, 0, 0, ""); err != nil {
		return err
	}
	store, err := l.store()
	if err != nil {
		return err
	}
	all, err := store.Accounts()
	if err != nil {
		return failed(problem("Logout failed", "%s.", capital(err.Error())))
	}
	accounts, err := l.accounts(c, all)
	if err != nil {
		return err
	}
	for _, account := range accounts {
		err := store.Delete(ctx, account)
		if errors.Is(err, credentials.ErrNone) {
			return failed(problem("Logout failed", "There is no stored login to %s.", accountName(account)))
		}
		if err != nil {
			return failed(problem("Logout failed", "%s.", capital(err.Error())))
		}
		l.say("Logged out of %s.", accountName(account))
	}
	return nil
}

// accounts returns the logins to forget. The login of an agency goes with the
// last of its locations.
func (l ghlLogout) accounts(c *cli.Command, all []string) ([]string, error) {
	var own, locations []string
	for _, account := range all {
		if rest, ok := strings.CutPrefix(account, "ghl:"); ok {
			own = append(own, account)
			if !strings.HasPrefix(rest, "agency:") {
				locations = append(locations, account)
			}
		}
	}
	location := l.location(c)
	switch {
	case len(own) == 0:
		return nil, failed(problem("Logout failed", "There is no stored login."))
	case c.Bool("all"):
		return own, nil
	case location != "" && len(locations) == 1 && locations[0] == ghlAccount(location):
		return own, nil
	case location != "":
		return []string{ghlAccount(location)}, nil
	case len(locations) > 1:
		return nil, usage("There are several logins: say which with -location=ID, or give -all. They are %s.", strings.Join(names(locations), ", "))
	}
	return own, nil
}

func names(accounts []string) []string {
	out := make([]string, len(accounts))
	for i, account := range accounts {
		out[i] = accountName(account)
	}
	return out
}

// accountName names a login to people.
func accountName(account string) string {
	name := strings.TrimPrefix(account, "ghl:")
	if company, ok := strings.CutPrefix(name, "agency:"); ok {
		return "the agency " + company
	}
	return "the location " + name
}
