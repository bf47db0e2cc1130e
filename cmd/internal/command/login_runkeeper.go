package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"

	"lockstep/providers/credentials"
	"lockstep/providers/runkeeper/health"
	"lockstep/providers/transport"
)

// runkeeperPrefix begins the names of stored logins to Runkeeper.
const runkeeperPrefix = "runkeeper:"

func loginRunkeeperCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "runkeeper", Usage: "log in as a person to Runkeeper's API, through a key of your own",
		Description: "Opens the browser, where the person allows it, and keeps the token in the keyring of the operating\n" +
			"system, or in a file that only you can read. It does not end until the person disconnects.\n\n" +
			"Runkeeper has not given out keys of its API since 2017: this is for those who have one. The key's client\n" +
			"secret is read from RUNKEEPER_CLIENT_SECRET, or asked for: never write it on the command line,\n" +
			"where others can see it.",
		Flags:  runkeeperApp().flags(&cli.StringFlag{Name: "account", Usage: "`NAME` of the account block that the login is for"}),
		Action: runkeeperLogin{login{s}}.run,
	}
}

// runkeeperApp is a key of Runkeeper's API.
func runkeeperApp() oauthApp {
	return oauthApp{
		prefix: "RUNKEEPER", authorizeURL: health.AuthorizeURL, tokenURL: health.TokenURL,
		unnamed: "`lockstep login runkeeper` needs -client-id, the client id of a key of Runkeeper's API. None have been given out since 2017: " +
			"without one, use a person's data export.",
	}
}

// runkeeperLogin is a login of a person to Runkeeper.
type runkeeperLogin struct{ login }

func (l runkeeperLogin) run(ctx context.Context, c *cli.Command) error {
	if err := positional(c, 0, 0, ""); err != nil {
		return err
	}
	name := c.String("account")
	if name == "" {
		return usage("`lockstep login runkeeper` needs -account=NAME, the name of an account block of the provider.")
	}
	store, err := l.store()
	if err != nil {
		return err
	}
	config, err := l.login.config(c, runkeeperApp(), l.tokenURL())
	if err != nil {
		return err
	}
	if config.ClientSecret, err = l.clientSecret("RUNKEEPER_CLIENT_SECRET"); err != nil {
		return err
	}
	login, _, err := l.authorize(ctx, c, config)
	if err != nil {
		return err
	}
	base := cmp.Or(l.env.getenv("RUNKEEPER_BASE_URL"), health.DefaultBaseURL)
	person, err := l.personOf(ctx, base, login.AccessToken)
	if err != nil {
		return l.failed(ctx, fmt.Errorf("the new token does not work, and was not stored: %w", err))
	}
	login.Details = map[string]string{"base_url": base, "user_id": person}
	if err := l.save(ctx, store, runkeeperPrefix+name, login); err != nil {
		return err
	}
	l.say("Logged in to Runkeeper as the person %s, for the account %q.", person, name)
	return nil
}

// tokenURL is where tokens are to be had: a secret for another server
// than Runkeeper's does not go there. Runkeeper's own API has another host.
func (l runkeeperLogin) tokenURL() string {
	base := strings.TrimSuffix(l.env.getenv("RUNKEEPER_BASE_URL"), "/")
	if base == "" || base == health.DefaultBaseURL {
		return health.TokenURL
	}
	return base + "/apps/token"
}

// personOf asks the API whose token it is.
func (l runkeeperLogin) personOf(ctx context.Context, base, token string) (string, error) {
	h := l.hooks
	client, err := health.New(health.Options{BaseURL: base, Token: token, UserAgent: h.UserAgent, MaxWait: h.MaxWait, Log: h.Log})
	if err != nil {
		return "", err
	}
	person, err := client.Account(ctx)
	if err != nil {
		return "", err
	}
	return person.UserID, nil
}

// storedRunkeeper finds the token of an account's stored login; it is empty
// when there is none.
func (h Hooks) storedRunkeeper(account, baseURL string) (string, error) {
	store, err := credentials.Open(h.Credentials)
	if err != nil && h.Credentials == "" {
		// A machine without a home has no stored login either.
		return "", nil
	}
	if err != nil {
		return "", err
	}
	login, err := store.Load(runkeeperPrefix + account)
	switch {
	case errors.Is(err, credentials.ErrNone):
		return "", nil
	case err != nil:
		return "", err
	case !transport.SameOrigin(login.Details["base_url"], baseURL):
		return "", errors.New("the stored login is for another server than base_url says, and is not sent there: log in again, or correct base_url")
	}
	return login.AccessToken, nil
}
