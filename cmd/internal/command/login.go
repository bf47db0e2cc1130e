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
	"strings"
	"time"

	"github.com/urfave/cli/v3"
	"golang.org/x/oauth2"
	"golang.org/x/term"

	"lockstep/providers/credentials"
)

func loginCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "login", Usage: "store a login, to be used instead of a token",
		Commands: []*cli.Command{loginGHLCommand(s), loginRunkeeperCommand(s)},
		Action:   needsProvider,
	}
}

// oauthApp is what the logins to one API differ in.
type oauthApp struct {
	// prefix of the environment variables: GHL, RUNKEEPER.
	prefix string
	// authorizeURL and tokenURL are where the API asks people and gives out tokens.
	authorizeURL, tokenURL string
	// unnamed is what is said without a client id.
	unnamed string
}

// flags are those of a login through the app, with its own in front.
func (a oauthApp) flags(own ...cli.Flag) []cli.Flag {
	return append(own,
		&cli.StringFlag{Name: "client-id", Usage: "client `ID` of the app; " + a.prefix + "_CLIENT_ID when not given"},
		&cli.StringFlag{Name: "authorize-url", Usage: "`URL` of the page that asks the person; " + a.prefix + "_AUTHORIZE_URL or " + a.authorizeURL + " when not given"},
		&cli.StringFlag{Name: "token-url", Usage: "`URL` of the token endpoint; the one below " + a.prefix + "_BASE_URL or " + a.tokenURL + " when not given"},
		&cli.BoolFlag{Name: "no-browser", Usage: "print the address instead of opening it; the code can be pasted"},
		&cli.BoolFlag{Name: "no-pkce", Usage: "do not bind the code to this program, for a server that does not bear it"},
		&cli.IntFlag{Name: "port", Usage: "`PORT` of this machine that the browser comes back to; a free one when not given"},
		&cli.DurationFlag{Name: "timeout", Value: 5 * time.Minute, Usage: "`DURATION` to wait for the browser"},
	)
}

// config is the app as flags and environment give it, without its secret. tokenURL is
// that of the server in use.
func (l login) config(c *cli.Command, a oauthApp, tokenURL string) (oauth2.Config, error) {
	config := oauth2.Config{
		ClientID: cmp.Or(c.String("client-id"), l.env.getenv(a.prefix+"_CLIENT_ID")),
		Endpoint: oauth2.Endpoint{
			AuthURL:  cmp.Or(c.String("authorize-url"), l.env.getenv(a.prefix+"_AUTHORIZE_URL"), a.authorizeURL),
			TokenURL: cmp.Or(c.String("token-url"), tokenURL),
		},
	}
	if err := checkLogin(c, config.Endpoint); err != nil {
		return config, err
	}
	if config.ClientID == "" {
		return config, usage("%s", a.unnamed)
	}
	return config, nil
}

// needsProvider answers login and logout without a provider.
func needsProvider(_ context.Context, c *cli.Command) error {
	if c.Args().Len() == 0 {
		return usage("`%s` needs a provider: %[1]s ghl, or %[1]s runkeeper.", c.FullName())
	}
	return usage("There is no login to %q; there are those to ghl and runkeeper.", c.Args().First())
}

// login is what all logins and logouts share.
type login struct{ *session }

// authorize asks a person, in a browser, and makes a login of the approval.
func (l login) authorize(ctx context.Context, c *cli.Command, config oauth2.Config, options ...oauth2.AuthCodeOption) (credentials.Login, *oauth2.Token, error) {
	flow := credentials.Flow{
		Config: config, WithoutPKCE: c.Bool("no-pkce"), Port: c.Int("port"), Timeout: c.Duration("timeout"),
		Show: func(address string) { l.show(address, c.Bool("no-browser")) },
		Note: func(text string) { l.note("%s.", capital(text)) },
	}
	if l.env.StdinTerminal || c.Bool("no-browser") {
		flow.Paste = l.env.Stdin
	}
	approval, err := flow.Run(ctx)
	if err != nil {
		return credentials.Login{}, nil, l.failed(ctx, err)
	}
	made, token, err := l.hooks.tokenClient().Exchange(ctx, approval, options...)
	if err != nil {
		return made, nil, l.failed(ctx, exchangeError(err))
	}
	return made, token, nil
}

// exchangeError adds to an error what a refused code may mean.
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

func (l login) save(ctx context.Context, store *credentials.Store, account string, new credentials.Login) error {
	new.Saved = time.Now()
	if err := store.Save(ctx, account, new); err != nil {
		return l.failed(ctx, err)
	}
	if hidden, err := store.InKeyring(account); err == nil && !hidden {
		l.note("The login lies unencrypted in %s, which only you can read: it is not in a keyring of the operating system.", store.Path())
	}
	return nil
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

// clientSecret reads the secret of the app where other users of the machine cannot see it: in an
// environment variable, or at the terminal.
func (l login) clientSecret(variable string) (string, error) {
	if secret := l.env.getenv(variable); secret != "" {
		return secret, nil
	}
	terminal, ok := l.env.Stdin.(*os.File)
	if !ok || !l.env.StdinTerminal {
		return "", failed(problem("Cannot ask for the client secret", "lockstep asks for it on a terminal, and this is none. Set %s.", variable))
	}
	fmt.Fprint(l.env.Stderr, "Client secret of the app: ")
	secret, err := term.ReadPassword(int(terminal.Fd()))
	fmt.Fprintln(l.env.Stderr)
	if err != nil && !errors.Is(err, io.EOF) || len(secret) == 0 {
		return "", failed(problem("No client secret", "None was entered. Set %s, or run the command again.", variable))
	}
	return strings.TrimSpace(string(secret)), nil
}

// show opens the browser. The address is printed as well: the browser
// may be missing, or run on another machine.
func (l login) show(address string, printOnly bool) {
	if !printOnly && l.openBrowser(address) == nil {
		l.note("The browser opens. If it does not, open this address:\n\n  %s\n", address)
	} else {
		l.note("Open this address in a browser:\n\n  %s\n", address)
	}
	if l.env.StdinTerminal || printOnly {
		l.note("If the browser ends at a page that it cannot open, paste the address of that page, or the code in it, here:")
	}
}

func (l login) openBrowser(address string) error {
	name, args := "xdg-open", []string{address}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", address}
	}
	if own := l.env.getenv("BROWSER"); own != "" {
		name, args = own, []string{address}
	}
	cmd := exec.Command(name, args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }()
	return nil
}

// store opens the store of logins.
func (l login) store() (*credentials.Store, error) {
	store, err := credentials.Open(l.env.getenv(credentialsVariable))
	if err != nil {
		return nil, failed(problem("Cannot keep logins", "%s. Set %s to the path of a file.", capital(err.Error()), credentialsVariable))
	}
	return store, nil
}

// failed ends a command with an error about a login.
func (l login) failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return exit(ExitInterrupted)
	}
	return failed(problem("Login failed", "%s.", capital(err.Error())))
}
