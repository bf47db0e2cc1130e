package command

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v3"
	"golang.org/x/sync/errgroup"

	"lockstep/providers/ghl/sandbox"
	runkeeper "lockstep/providers/runkeeper/sandbox"
)

func sandboxCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "sandbox", Usage: "serve an emulated HighLevel location, and Runkeeper, over HTTP",
		Description: "Prints the variables that point lockstep, or any other client, at it, and serves until it is interrupted. " +
			"Runkeeper is served beside it with -runkeeper: every name is a person there, with a token of its own.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "listen", Value: "127.0.0.1:8970", Usage: "loopback `ADDR` to listen on; port 0 takes a free one"},
			&cli.StringFlag{Name: "runkeeper", Usage: "also serve Runkeeper's API on the loopback `ADDR`"},
			&cli.StringFlag{Name: "runkeeper-data", Usage: "keep Runkeeper's data in `DIR`; without it, in memory"},
			&cli.StringFlag{Name: "data", Usage: "keep the data in `DIR`; without it, in memory"},
			&cli.IntFlag{Name: "contacts", Usage: "begin with `N` invented people"},
			&cli.IntFlag{Name: "opportunities", Usage: "give `N` of them an opportunity"},
			&cli.StringFlag{Name: "seed", Usage: "begin with the objects of a JSON `FILE`"},
			&cli.StringFlag{Name: "rate", Value: "100/10s", Usage: "`LIMIT` of requests, such as 25/10s, or off"},
			&cli.IntFlag{Name: "daily", Value: 200_000, Usage: "`N` requests per day"},
			&cli.DurationFlag{Name: "search-lag", Usage: "searches lag behind writes by a `DURATION`"},
			&cli.StringFlag{Name: "token", Usage: "the `TOKEN` that is accepted; a random one when not given"},
			&cli.StringFlag{Name: "faults", Usage: "make requests go wrong by a `PLAN` such as seed=7,rate=0.05,kinds=429+500+reset; the kinds are all and " + strings.Join(sandbox.FaultKinds(), ", ")},
			&cli.StringFlag{Name: "client-id", Value: sandbox.DefaultClientID, Usage: "`ID` of the OAuth app"},
			&cli.StringFlag{Name: "client-secret", Usage: "`SECRET` of the OAuth app; a random one when not given"},
			&cli.StringFlag{Name: "runkeeper-secret", Usage: "the `SECRET` within the tokens of Runkeeper's people, sandbox-SECRET-NAME, and of its app; a random one when not given"},
			&cli.BoolFlag{Name: "auto-approve", Usage: "let the OAuth app in without asking"},
			&cli.DurationFlag{Name: "token-lifetime", Value: 86_399 * time.Second, Usage: "`DURATION` that OAuth access tokens are good for, at least 1s"},
			&cli.StringFlag{Name: "location", Value: sandbox.DefaultLocation, Usage: "`ID` of the location"},
		},
		Metadata: examples(
			"lockstep sandbox -contacts=1000 -rate=25/10s", "a location of invented people, as slow as a trial account"),
		Action: serving{s.printer}.run,
	}
}

// serving is one run of sandbox.
type serving struct{ *printer }

func (s serving) run(ctx context.Context, c *cli.Command) error {
	if err := positional(c, 0, 0, ""); err != nil {
		return err
	}
	opts, err := sandboxOptions(c)
	if err != nil {
		return err
	}
	opts.Now = s.env.Now
	listener, err := listen("listen", c.String("listen"))
	if err != nil {
		return err
	}
	defer listener.Close()
	server, err := sandbox.Open(opts)
	if err != nil {
		return failed(problem("Cannot open the sandbox", "%s.", capital(err.Error())))
	}
	s.announce(listener.Addr(), server, opts.Faults)
	err = s.serveBoth(ctx, c, listener, server)
	return errors.Join(err, server.Close())
}

// serveBoth serves HighLevel and, when it is asked for, Runkeeper.
func (s serving) serveBoth(ctx context.Context, c *cli.Command, listener net.Listener, server http.Handler) error {
	group, ctx := errgroup.WithContext(ctx)
	if address := c.String("runkeeper"); address != "" {
		other, err := s.openRunkeeper(address, c.String("runkeeper-data"), orRandom(c.String("runkeeper-secret")))
		if err != nil {
			return err
		}
		defer other.listener.Close()
		group.Go(func() error { return serve(ctx, other.listener, other.server) })
	}
	s.note("The sandbox is ready; ctrl-C stops it.")
	group.Go(func() error { return serve(ctx, listener, server) })
	return group.Wait()
}

// runkeeperServer is the emulated Runkeeper and where it is reached.
type runkeeperServer struct {
	listener net.Listener
	server   *runkeeper.Server
}

// openRunkeeper opens the emulated Runkeeper, and prints the variables that
// lead to it, with the token of one of its people.
func (s serving) openRunkeeper(address, dir, secret string) (r runkeeperServer, err error) {
	if r.server, err = runkeeper.Open(runkeeper.Options{Now: s.env.Now, DataDir: dir, Secret: secret}); err != nil {
		return r, failed(problem("Cannot open the sandbox", "%s.", capital(err.Error())))
	}
	if r.listener, err = listen("runkeeper", address); err != nil {
		return r, err
	}
	fmt.Fprintf(s.env.Stdout, "export RUNKEEPER_BASE_URL=http://%[1]s\nexport RUNKEEPER_TOKEN_ADA=%[2]s\n"+
		"export RUNKEEPER_CLIENT_ID=%[3]s\nexport RUNKEEPER_CLIENT_SECRET=%[4]s\nexport RUNKEEPER_AUTHORIZE_URL=http://%[1]s%[5]s\n",
		r.listener.Addr(), r.server.Token("ada"), runkeeper.ClientID, r.server.ClientSecret(), runkeeper.AuthorizePath)
	return r, nil
}

// announce prints the variables that lead to the sandbox, in one piece.
func (s serving) announce(address net.Addr, server *sandbox.Server, faults *sandbox.Faults) {
	fmt.Fprintf(s.env.Stdout, "export GHL_BASE_URL=http://%[1]s\nexport GHL_LOCATION_ID=%[2]s\nexport GHL_TOKEN=%[3]s\n"+
		"export GHL_CLIENT_ID=%[4]s\nexport GHL_CLIENT_SECRET=%[5]s\nexport GHL_AUTHORIZE_URL=http://%[1]s%[6]s\n",
		address, server.Location(), server.Token(), server.ClientID(), server.ClientSecret(), sandbox.AuthorizePath)
	if faults != nil {
		s.note("Requests go wrong by the plan %s.", faults)
	}
}

// serve answers until ctx is canceled, then lets running requests end.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: guarded(handler), ReadHeaderTimeout: 10 * time.Second}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		stopped <- server.Shutdown(grace)
	})
	err := server.Serve(listener)
	if !errors.Is(err, http.ErrServerClosed) {
		stop()
		return failed(problem("The sandbox stopped", "%s.", err))
	}
	return <-stopped
}

// listen opens a socket that only this machine can reach. The flag gave the
// address.
func listen(flag, address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, usage("-%s is a host and a port, such as 127.0.0.1:8970, not %q.", flag, address)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, usage("-%s=%s would let others reach the sandbox. It serves this machine only: use 127.0.0.1 or localhost.", flag, address)
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, failed(problem("Cannot listen", "%s.", capital(err.Error())))
	}
	return listener, nil
}

func sandboxOptions(c *cli.Command) (sandbox.Options, error) {
	opts := sandbox.Options{
		Location: c.String("location"), Token: token(c.String("token")), Invented: sandbox.Invented{Contacts: c.Int("contacts"), Opportunities: c.Int("opportunities")},
		Daily: c.Int("daily"), SearchLag: c.Duration("search-lag"), DataDir: c.String("data"),
		App: sandbox.OAuthApp{
			ID: c.String("client-id"), Secret: orRandom(c.String("client-secret")),
			AutoApprove: c.Bool("auto-approve"), TokenLifetime: c.Duration("token-lifetime"),
		},
	}
	if opts.Opportunities < 0 || opts.Opportunities > opts.Contacts {
		return opts, usage("-opportunities is at most the number of -contacts.")
	}
	if opts.Contacts < 0 || opts.Daily < 1 || opts.SearchLag < 0 {
		return opts, usage("-contacts and -search-lag cannot be negative, and -daily is at least 1.")
	}
	var err error
	if opts.RateMax, opts.RateInterval, err = parseRate(c.String("rate")); err != nil {
		return opts, err
	}
	if opts.App.TokenLifetime < time.Second {
		return opts, usage("-token-lifetime is at least 1s.")
	}
	if plan := c.String("faults"); plan != "" {
		if opts.Faults, err = sandbox.ParseFaults(plan); err != nil {
			return opts, usage("-faults: %s.", err)
		}
	}
	if file := c.String("seed"); file != "" {
		if opts.Seed, err = os.ReadFile(file); err != nil {
			return opts, failed(problem("Cannot read the seed", "%s: %s.", file, reason(err)))
		}
	}
	return opts, nil
}

// token is a private integration token: what was given, or a random one of the same
// form.
func token(given string) string {
	if given == "" {
		return "pit-" + rand.Text()
	}
	return given
}

// parseRate reads "100/10s"; "off" is no limit.
func parseRate(s string) (int, time.Duration, error) {
	if s == "off" {
		return 0, 0, nil
	}
	count, per, ok := strings.Cut(s, "/")
	n, err := strconv.Atoi(count)
	interval, err2 := time.ParseDuration(per)
	if !ok || err != nil || err2 != nil || n < 1 || interval <= 0 {
		return 0, 0, usage("-rate is a number and a time, such as 100/10s, or off; not %q.", s)
	}
	return n, interval, nil
}
