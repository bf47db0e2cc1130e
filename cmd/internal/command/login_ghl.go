package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"
	"golang.org/x/oauth2"

	"lockstep/providers/credentials"
	"lockstep/providers/ghl"
)

func loginGHLCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "ghl", Usage: "log in to a HighLevel location through an app of your own",
		Description: "Opens the browser, where you choose the location, and keeps the tokens in the keyring of the\n" +
			"operating system, or in a file that only you can read. They are refreshed by themselves.\n\n" +
			"The app needs http://127.0.0.1:PORT" + credentials.CallbackPath + " among its redirect URLs; give its port with -port.\n" +
			"Its client secret is read from GHL_CLIENT_SECRET, or asked for: never write it on the\n" +
			"command line, where others can see it. Without -scopes the login may do what the files need.",
		Flags: ghlApp().flags(
			&cli.StringFlag{Name: "location", Usage: "`ID` of the location that the login must be for; GHL_LOCATION_ID when not given"},
			&cli.BoolFlag{Name: "agency", Usage: "log in to the agency, and make the token of -location from its"},
			&cli.StringFlag{Name: "scopes", Usage: "`LIST` of scopes to ask for instead of what the files need"},
		),
		Action: ghlLogin{login{s}}.run,
	}
}

// ghlApp is an app of the HighLevel marketplace.
func ghlApp() oauthApp {
	return oauthApp{
		prefix: "GHL", authorizeURL: ghl.AuthorizeURL, tokenURL: ghl.TokenURL,
		unnamed: "`lockstep login ghl` needs -client-id, the client id of an app in the HighLevel marketplace.",
	}
}

// ghlLogin is a login to a location of HighLevel.
type ghlLogin struct{ login }

func (l ghlLogin) run(ctx context.Context, c *cli.Command) error {
	if err := positional(c, 0, 0, ""); err != nil {
		return err
	}
	if c.Bool("agency") && l.location(c) == "" {
		return usage("-agency needs -location=ID, the location to make a token for.")
	}
	store, err := l.store()
	if err != nil {
		return err
	}
	config, err := l.config(c)
	if err != nil {
		return err
	}
	var options []oauth2.AuthCodeOption
	if c.Bool("agency") {
		options = append(options, oauth2.SetAuthURLParam("user_type", "Company"))
	}
	login, token, err := l.authorize(ctx, c, config, options...)
	if err != nil {
		return err
	}
	if missing := lacking(config.Scopes, login.Scopes); len(missing) > 0 {
		l.note("Warning: the login lacks scopes that were asked for: %s. The app must have them in the HighLevel marketplace.", strings.Join(missing, ", "))
	}
	return l.keep(ctx, store, login, ghl.OwnerOf(token), l.location(c))
}

// lacking are the scopes that were not granted; none when the server did not
// say which were.
func lacking(asked, granted []string) []string {
	if len(granted) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(asked), func(s string) bool { return slices.Contains(granted, s) })
}

// keep stores a login under the location it is for.
func (l ghlLogin) keep(ctx context.Context, store *credentials.Store, login credentials.Login, owner ghl.Owner, location string) error {
	login.Details = map[string]string{"company": owner.Company, "location": owner.Location}
	switch {
	case owner.Agency && owner.Company == "":
		return l.failed(ctx, errors.New("the server does not say which agency or location the login is for"))
	case owner.Agency:
		return l.keepAgency(ctx, store, login, owner, location)
	case location != "" && owner.Location != location:
		return l.failed(ctx, fmt.Errorf("location %s was chosen in the browser, and -location or GHL_LOCATION_ID says %s. Nothing was stored", owner.Location, location))
	}
	if err := l.save(ctx, store, ghlAccount(owner.Location), login); err != nil {
		return err
	}
	l.say("Logged in to the location %s.", owner.Location)
	return nil
}

// keepAgency stores the login of an agency, and one of its locations.
func (l ghlLogin) keepAgency(ctx context.Context, store *credentials.Store, login credentials.Login, owner ghl.Owner, location string) error {
	account := ghlAgency(owner.Company)
	if location == "" {
		return l.failed(ctx, errors.New("the login is for an agency, and lockstep works on one location: say which with -location=ID. Nothing was stored"))
	}
	if err := l.save(ctx, store, account, login); err != nil {
		return err
	}
	client := l.hooks.tokenClient()
	agency, err := store.Source(account, client.Refresh, time.Now)
	if err != nil {
		return l.failed(ctx, err)
	}
	minted, err := mintGHL(ctx, client, agency, credentials.Login{
		ClientID: login.ClientID, TokenURL: login.TokenURL, Via: account,
		Details: map[string]string{"company": owner.Company, "location": location},
	})
	if err != nil {
		return l.failed(ctx, fmt.Errorf("the agency gives no token of the location %s: %w. The app must be installed there and have the scope %s", location, err, ghl.AgencyScope))
	}
	if err := l.save(ctx, store, ghlAccount(location), minted); err != nil {
		return err
	}
	l.say("Logged in to the location %s through its agency %s.", location, owner.Company)
	return nil
}

// config is the app and what is asked of it.
func (l ghlLogin) config(c *cli.Command) (oauth2.Config, error) {
	config, err := l.login.config(c, ghlApp(), l.tokenURL())
	if err != nil {
		return config, err
	}
	if config.Scopes, err = l.scopes(c); err != nil {
		return config, err
	}
	config.ClientSecret, err = l.clientSecret("GHL_CLIENT_SECRET")
	return config, err
}

// tokenURL is the token endpoint of the server that is used: the secret of a
// sandbox's app is no business of the real one.
func (l ghlLogin) tokenURL() string {
	if base := l.env.getenv("GHL_BASE_URL"); base != "" {
		return strings.TrimSuffix(base, "/") + "/oauth/token"
	}
	return ghl.TokenURL
}

// scopes returns the scopes that were given, or else what the files need.
func (l ghlLogin) scopes(c *cli.Command) ([]string, error) {
	wanted := strings.FieldsFunc(c.String("scopes"), func(r rune) bool { return r == ',' || r == ' ' })
	if len(wanted) == 0 {
		cfg, err := l.loadFiles()
		if err != nil {
			return nil, err
		}
		wanted = scopesOf(cfg, "ghl")
	}
	if len(wanted) == 0 {
		return nil, usage("No file here uses the provider ghl, so it is not known which permissions to ask for. " +
			"Run the command where the files are, with -chdir=DIR, or give -scopes.")
	}
	if c.Bool("agency") && !slices.Contains(wanted, ghl.AgencyScope) {
		wanted = append(wanted, ghl.AgencyScope)
	}
	return wanted, nil
}

func (l login) location(c *cli.Command) string {
	if location := c.String("location"); location != "" {
		return location
	}
	return l.env.getenv("GHL_LOCATION_ID")
}
