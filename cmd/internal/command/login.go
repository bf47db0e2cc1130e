package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"
	"golang.org/x/oauth2"
	"golang.org/x/term"

	"lockstep/providers/credentials"
	"lockstep/providers/ghl"
)

func (a *app) loginCommand() *cli.Command {
	return &cli.Command{
		Name: "login", Usage: "store a login, to be used instead of a token",
		Commands: []*cli.Command{{
			Name: "ghl", Usage: "log in to a HighLevel location through an app of your own",
			Description: "Opens the browser, where you choose the location, and keeps the tokens in the keyring of the\n" +
				"operating system, or in a file that only you can read. They are refreshed by themselves.\n\n" +
				"The app needs http://127.0.0.1:PORT" + credentials.CallbackPath + " among its redirect URLs; give its port with -port.\n" +
				"Its client secret is read from GHL_CLIENT_SECRET, or asked for: never write it on the\n" +
				"command line, where others can see it. Without -scopes the login may do what the files need.",
			Flags: append([]cli.Flag{
				&cli.StringFlag{Name: "client-id", Usage: "client `ID` of the app; GHL_CLIENT_ID when not given"},
				&cli.StringFlag{Name: "location", Usage: "`ID` of the location that the login must be for; GHL_LOCATION_ID when not given"},
				&cli.BoolFlag{Name: "agency", Usage: "log in to the agency, and make the token of -location from its"},
				&cli.StringFlag{Name: "scopes", Usage: "`LIST` of scopes to ask for instead of what the files need"},
				&cli.StringFlag{Name: "authorize-url", Usage: "`URL` of the page where the location is chosen; GHL_AUTHORIZE_URL or " + ghl.AuthorizeURL + " when not given"},
				&cli.StringFlag{Name: "token-url", Usage: "`URL` of the token endpoint; that of GHL_BASE_URL or " + ghl.TokenURL + " when not given"},
			}, browserFlags()...),
			Action: a.loginGHL,
		}, a.loginRunkeeperCommand()},
		Action: a.needsProvider,
	}
}

// browserFlags say how a person is asked.
func browserFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "no-browser", Usage: "print the address instead of opening it; the code can be pasted"},
		&cli.IntFlag{Name: "port", Usage: "`PORT` of this machine that the browser comes back to; a free one when not given"},
		&cli.DurationFlag{Name: "timeout", Value: 5 * time.Minute, Usage: "`DURATION` to wait for the browser"},
	}
}

// needsProvider answers login and logout without a provider.
func (a *app) needsProvider(_ context.Context, c *cli.Command) error {
	if c.Args().Len() == 0 {
		return usage("`%s` needs a provider: %[1]s ghl, or %[1]s runkeeper.", c.FullName())
	}
	return usage("There is no login to %q; there are those to ghl and runkeeper.", c.Args().First())
}

func (a *app) loginGHL(ctx context.Context, c *cli.Command) error {
	if err := positional(c, 0, 0, ""); err != nil {
		return err
	}
	if c.Bool("agency") && a.loginLocation(c) == "" {
		return usage("-agency needs -location=ID, the location to make a token for.")
	}
	store, err := a.credentials()
	if err != nil {
		return err
	}
	config, err := a.loginConfig(c)
	if err != nil {
		return err
	}
	code, config, err := a.authorize(ctx, c, config)
	if err != nil {
		return a.loginFailed(ctx, err)
	}
	var options []oauth2.AuthCodeOption
	if c.Bool("agency") {
		options = append(options, oauth2.SetAuthURLParam("user_type", "Company"))
	}
	login, token, err := a.hooks().tokenClient().Exchange(ctx, config, code, options...)
	if err != nil {
		return a.loginFailed(ctx, exchangeError(err))
	}
	if missing := lacking(config.Scopes, login.Scopes); len(missing) > 0 {
		a.note("Warning: the login lacks scopes that were asked for: %s. The app must have them in the HighLevel marketplace.", strings.Join(missing, ", "))
	}
	return a.keepLogin(ctx, store, login, ghl.OwnerOf(token), a.loginLocation(c))
}

// authorize asks a person, in a browser, and returns the code.
func (a *app) authorize(ctx context.Context, c *cli.Command, config oauth2.Config) (string, oauth2.Config, error) {
	flow := credentials.Flow{
		Config: config, Port: c.Int("port"), Timeout: c.Duration("timeout"),
		Show: func(address string) { a.showLogin(address, c.Bool("no-browser")) },
	}
	if a.env.StdinTerminal || c.Bool("no-browser") {
		flow.Paste = a.env.Stdin
	}
	return flow.Run(ctx)
}

// lacking are the scopes that were not granted; none when the server did not
// say which were.
func lacking(asked, granted []string) []string {
	if len(granted) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(asked), func(s string) bool { return slices.Contains(granted, s) })
}

// exchangeError says what a refused code may mean.
func exchangeError(err error) error {
	var refused *credentials.RefreshError
	if !errors.As(err, &refused) {
		return err
	}
	message := strings.ToLower(refused.Message)
	switch {
	case strings.Contains(message, "client"):
		return fmt.Errorf("%w. Check the client id and the client secret of the app", err)
	case strings.Contains(message, "code") || strings.Contains(message, "grant"):
		return fmt.Errorf("%w. The code has expired or was used already: run the command again", err)
	}
	return err
}

// keepLogin stores a login under the location it is for.
func (a *app) keepLogin(ctx context.Context, store *credentials.Store, login credentials.Login, owner ghl.Owner, location string) error {
	login.Details = map[string]string{"company": owner.Company, "location": owner.Location}
	switch {
	case owner.Agency && owner.Company == "":
		return a.loginFailed(ctx, errors.New("the server does not say which agency or location the login is for"))
	case owner.Agency:
		return a.keepAgency(ctx, store, login, owner, location)
	case location != "" && owner.Location != location:
		return a.loginFailed(ctx, fmt.Errorf("location %s was chosen in the browser, and -location or GHL_LOCATION_ID says %s. Nothing was stored", owner.Location, location))
	}
	if err := a.save(ctx, store, ghlAccount(owner.Location), login); err != nil {
		return err
	}
	a.say("Logged in to the location %s.", owner.Location)
	return nil
}

// keepAgency stores the login of an agency, and one of its locations.
func (a *app) keepAgency(ctx context.Context, store *credentials.Store, login credentials.Login, owner ghl.Owner, location string) error {
	account := ghlAgency(owner.Company)
	if location == "" {
		return a.loginFailed(ctx, errors.New("the login is for an agency, and lockstep works on one location: say which with -location=ID. Nothing was stored"))
	}
	if err := a.save(ctx, store, account, login); err != nil {
		return err
	}
	client := a.hooks().tokenClient()
	agency, err := store.Source(account, client.Refresh, time.Now)
	if err != nil {
		return a.loginFailed(ctx, err)
	}
	minted, err := mintGHL(ctx, client, agency, credentials.Login{
		ClientID: login.ClientID, TokenURL: login.TokenURL, Via: account,
		Details: map[string]string{"company": owner.Company, "location": location},
	})
	if err != nil {
		return a.loginFailed(ctx, fmt.Errorf("the agency gives no token of the location %s: %w. The app must be installed there and have the scope %s", location, err, ghl.AgencyScope))
	}
	if err := a.save(ctx, store, ghlAccount(location), minted); err != nil {
		return err
	}
	a.say("Logged in to the location %s through its agency %s.", location, owner.Company)
	return nil
}

func (a *app) save(ctx context.Context, store *credentials.Store, account string, login credentials.Login) error {
	login.Saved = time.Now()
	if err := store.Save(ctx, account, login); err != nil {
		return a.loginFailed(ctx, err)
	}
	return nil
}

// loginConfig is the app and what is asked of it.
func (a *app) loginConfig(c *cli.Command) (oauth2.Config, error) {
	config := oauth2.Config{
		ClientID: cmp.Or(c.String("client-id"), a.env.getenv("GHL_CLIENT_ID")),
		Endpoint: oauth2.Endpoint{
			AuthURL:  cmp.Or(c.String("authorize-url"), a.env.getenv("GHL_AUTHORIZE_URL"), ghl.AuthorizeURL),
			TokenURL: cmp.Or(c.String("token-url"), a.tokenURL()),
		},
	}
	if err := checkLogin(c, config.Endpoint); err != nil {
		return config, err
	}
	if config.ClientID == "" {
		return config, usage("`lockstep login ghl` needs -client-id, the client id of an app in the HighLevel marketplace.")
	}
	var err error
	if config.Scopes, err = a.loginScopes(c); err != nil {
		return config, err
	}
	config.ClientSecret, err = a.clientSecret("GHL_CLIENT_SECRET")
	return config, err
}

// checkLogin checks what all logins have.
func checkLogin(c *cli.Command, at oauth2.Endpoint) error {
	if err := credentials.CheckURL(at.AuthURL); err != nil {
		return usage("-authorize-url: %s.", err)
	}
	if err := credentials.CheckURL(at.TokenURL); err != nil {
		return usage("-token-url: %s.", err)
	}
	if port := c.Int("port"); port < 0 || port > 65535 {
		return usage("-port is a number up to 65535, not %d.", port)
	}
	return nil
}

// tokenURL is the token endpoint of the server that is used: the secret of a
// sandbox's app is no business of the real one.
func (a *app) tokenURL() string {
	if base := a.env.getenv("GHL_BASE_URL"); base != "" {
		return strings.TrimSuffix(base, "/") + "/oauth/token"
	}
	return ghl.TokenURL
}

// loginScopes are those that were given, or those that the files need.
func (a *app) loginScopes(c *cli.Command) ([]string, error) {
	wanted := strings.FieldsFunc(c.String("scopes"), func(r rune) bool { return r == ',' || r == ' ' })
	if len(wanted) == 0 {
		cfg, err := a.loadFiles()
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

func (a *app) loginLocation(c *cli.Command) string {
	if location := c.String("location"); location != "" {
		return location
	}
	return a.env.getenv("GHL_LOCATION_ID")
}

// clientSecret reads the secret of the app where nobody else can see it: in an
// environment variable, or at the terminal.
func (a *app) clientSecret(variable string) (string, error) {
	if secret := a.env.getenv(variable); secret != "" {
		return secret, nil
	}
	terminal, ok := a.env.Stdin.(*os.File)
	if !ok || !a.env.StdinTerminal {
		return "", failed(problem("Nobody to ask", "Without a terminal, the client secret of the app cannot be asked for. Set %s.", variable))
	}
	fmt.Fprint(a.env.Stderr, "Client secret of the app: ")
	secret, err := term.ReadPassword(int(terminal.Fd()))
	fmt.Fprintln(a.env.Stderr)
	if err != nil && !errors.Is(err, io.EOF) || len(secret) == 0 {
		return "", failed(problem("No client secret", "None was entered. Set %s, or run the command again.", variable))
	}
	return strings.TrimSpace(string(secret)), nil
}

// showLogin opens the browser. The address is printed as well: the browser
// may be missing, or be that of another machine.
func (a *app) showLogin(address string, printOnly bool) {
	if !printOnly && a.openBrowser(address) == nil {
		a.note("The browser opens. If it does not, open this address:\n\n  %s\n", address)
	} else {
		a.note("Open this address in a browser:\n\n  %s\n", address)
	}
	if a.env.StdinTerminal || printOnly {
		a.note("If the browser ends at a page that it cannot open, paste the address of that page, or the code in it, here:")
	}
}

func (a *app) openBrowser(address string) error {
	name, args := "xdg-open", []string{address}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", address}
	}
	if own := a.env.getenv("BROWSER"); own != "" {
		name, args = own, []string{address}
	}
	cmd := exec.Command(name, args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }()
	return nil
}

// credentials opens the store of logins.
func (a *app) credentials() (*credentials.Store, error) {
	store, err := credentials.Open(a.env.getenv(credentialsVariable))
	if err != nil {
		return nil, failed(problem("Cannot keep logins", "%s. Set %s to the path of a file.", capital(err.Error()), credentialsVariable))
	}
	return store, nil
}

// loginFailed ends a command with an error about a login.
func (a *app) loginFailed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return exit(ExitInterrupted)
	}
	return failed(problem("Login failed", "%s.", capital(err.Error())))
}
