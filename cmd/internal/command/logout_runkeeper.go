package command

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"lockstep/providers/credentials"
)

func logoutRunkeeperCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "runkeeper", Usage: "disconnect from a person's Runkeeper, and forget the stored login",
		Description: "Tells Runkeeper that the token is no longer good, and deletes it from this machine.",
		Flags:       []cli.Flag{&cli.StringFlag{Name: "account", Usage: "`NAME` of the account block that the login is for"}},
		Action:      runkeeperLogout{login{s}}.run,
	}
}

// runkeeperLogout ends the login of a person to Runkeeper.
type runkeeperLogout struct{ login }

func (l runkeeperLogout) run(ctx context.Context, c *cli.Command) error {
	if err := positional(c, 0, 0, ""); err != nil {
		return err
	}
	name := c.String("account")
	if name == "" {
		return usage("`lockstep logout runkeeper` needs -account=NAME.")
	}
	store, err := l.store()
	if err != nil {
		return err
	}
	login, err := store.Load(runkeeperPrefix + name)
	if errors.Is(err, credentials.ErrNone) {
		return failed(problem("Logout failed", "There is no stored login to Runkeeper for the account %q.", name))
	}
	if err == nil {
		if told := l.disconnect(ctx, login); told != nil {
			l.note("Warning: Runkeeper could not be told, so the token stays good until the person disconnects the program there: %s.", told)
		}
		err = store.Delete(ctx, runkeeperPrefix+name)
	}
	if err != nil {
		return failed(problem("Logout failed", "%s.", capital(err.Error())))
	}
	l.say("Logged out of Runkeeper for the account %q.", name)
	return nil
}

// disconnect ends a token, at the endpoint beside the token endpoint (Health
// Graph API, registration and authorization).
func (l runkeeperLogout) disconnect(ctx context.Context, login credentials.Login) error {
	endpoint, ok := strings.CutSuffix(login.TokenURL, "/token")
	if err := credentials.CheckURL(login.TokenURL); err != nil || !ok {
		return errors.New("the address of the token endpoint does not end in /token")
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	form := url.Values{"access_token": {login.AccessToken}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint+"/de-authorize", strings.NewReader(form.Encode()))
	if err != nil {
		return errors.New("the address of the token endpoint is malformed")
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := http.Client{Transport: l.hooks.tokenClient().HTTP}
	answer, err := client.Do(request)
	if err != nil {
		return errors.New("it does not answer")
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusNoContent && answer.StatusCode != http.StatusOK {
		return fmt.Errorf("it answers %d", answer.StatusCode)
	}
	return nil
}
