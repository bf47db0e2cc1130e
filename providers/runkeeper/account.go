package runkeeper

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"lockstep/providers"
	"lockstep/providers/runkeeper/export"
	"lockstep/providers/runkeeper/health"
	"lockstep/schema"
)

// account is one person.
type account struct {
	name string
	// person is the name that the files give.
	person string
	// skip lets plans go on when the account cannot be read.
	skip bool
	exports
	// client asks the API, of an account without exports.
	client *health.Client

	// Mutex guards what has been read.
	sync.Mutex
	data *export.Export
	// failed is why it could not be read, which is not tried again at once.
	failed  error
	profile health.Profile
	// remote is the account behind the API, and measured is how much of its
	// measurements has been read.
	remote   *health.Account
	measured extent
	// friends are nil until they have been read.
	friends []schema.Object
	// detailed are the activities whose details have been read.
	detailed map[int]bool
	whereabouts
}

// exports are where an account is exported to.
type exports struct {
	paths []string
	// find tells what they lead to.
	find export.Locate
	// unpacks bounds what the exports of all accounts unpack to.
	unpacks *export.Budget
}

// whereabouts are the time zones of an account.
type whereabouts struct {
	// zone is the configured one, nil when there is none.
	zone     *time.Location
	zoneName string
	// located are the activities whose tracks have been asked for the zone.
	located map[int]bool
	// home is where the person was last, as far as tracks tell; nil until it is
	// asked for.
	home *time.Location
}

// extent is how much of an account's measurements has been read.
type extent uint8

const (
	nothing extent = iota
	weights
	everything
)

// load reads the account when that has not been done.
func (a *account) load(ctx context.Context) error {
	if a.data != nil || a.failed != nil {
		return a.failed
	}
	var data *export.Export
	var err error
	if a.client != nil {
		data, err = a.fetch(ctx)
	} else {
		data, err = export.Open(a.find, a.unpacks, a.paths...)
		a.measured = everything
	}
	if err != nil {
		if ctx.Err() == nil {
			a.failed = err
		}
		return err
	}
	a.data, a.located, a.detailed, a.home = data, map[int]bool{}, map[int]bool{}, a.zone
	return nil
}

// writable is the account behind the API, for a change.
func (a *account) writable(ctx context.Context) (*health.Account, error) {
	if a.client == nil {
		return nil, errors.New("it is a data export, which can only be read")
	}
	a.Lock()
	defer a.Unlock()
	return a.open(ctx)
}

// open reads the root of the API once. The lock is held.
func (a *account) open(ctx context.Context) (*health.Account, error) {
	if a.remote != nil {
		return a.remote, nil
	}
	var err error
	a.remote, err = a.client.Account(ctx)
	return a.remote, err
}

// forget lets everything be read anew.
func (a *account) forget() {
	a.Lock()
	defer a.Unlock()
	a.data, a.failed, a.friends, a.measured = nil, nil, nil, nothing
}

// unread wraps why the account could not be read.
func (a *account) unread(err error) *providers.AccountError {
	return &providers.AccountError{Account: a.name, Skip: a.skip, Err: err}
}

// fetch reads who the person is and what they did from the API.
func (a *account) fetch(ctx context.Context) (*export.Export, error) {
	if _, err := a.open(ctx); err != nil {
		return nil, err
	}
	var err error
	if a.profile, err = a.remote.Profile(ctx); err != nil {
		return nil, err
	}
	data := &export.Export{UserID: a.remote.UserID}
	data.Activities, err = a.remote.Activities(ctx, time.Time{})
	return data, err
}

// measure reads measurements as far as they are wanted and have not been read.
func (a *account) measure(ctx context.Context, want extent) error {
	if a.measured >= want {
		return nil
	}
	var names []string
	if want == weights {
		names = []string{"weight"}
	}
	found, err := a.remote.Measurements(ctx, time.Time{}, names...)
	if err != nil {
		return err
	}
	a.data.Measurements, a.measured = found, want
	return nil
}

// parallel is how many single reads are under way at once.
const parallel = 8

// detail reads what the API tells of single activities only.
func (a *account) detail(ctx context.Context, places []int) error {
	if a.remote == nil {
		return nil
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	for _, i := range places {
		if !a.detailed[i] {
			group.Go(func() error { return a.remote.Detail(ctx, &a.data.Activities[i]) })
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, i := range places {
		a.detailed[i] = true
	}
	return nil
}

// withheld reports whether an error is a permission that the person or Runkeeper
// did not give, rather than an account that is lost.
func withheld(err error) bool {
	var api *providers.APIError
	return errors.As(err, &api) && api.Status == http.StatusForbidden && !strings.EqualFold(api.Message, "Revoked")
}

// tries is how many of the newest tracks are asked where the person is.
const tries = 5

// where returns the zone in which the person lives: the configured one, or that of
// the newest activity that tells it, or else UTC.
func (a *account) where(ctx context.Context) (*time.Location, error) {
	if a.home != nil {
		return a.home, nil
	}
	var newest []int
	for i := range a.data.Activities {
		if act := &a.data.Activities[i]; act.Track != "" || act.Zone != nil {
			newest = append(newest, i)
		}
		if len(newest) == tries {
			break
		}
	}
	if err := a.locate(ctx, newest); err != nil {
		return nil, err
	}
	a.home = time.UTC
	for _, i := range newest {
		if zone := a.data.Activities[i].Zone; zone != nil {
			a.home, a.zoneName = zone, offset(zone)
			break
		}
	}
	return a.home, nil
}

// locate finds the zones of activities, by their places.
func (a *account) locate(ctx context.Context, which []int) error {
	var open []int
	for _, i := range which {
		if !a.located[i] {
			open = append(open, i)
		}
	}
	if len(open) == 0 {
		return nil
	}
	if err := a.data.Locate(ctx, open...); err != nil {
		return err
	}
	for _, i := range open {
		a.located[i] = true
		if act := &a.data.Activities[i]; act.Zone == nil {
			act.Zone = a.zone
		}
	}
	return nil
}

// offset is the distance of a fixed zone from UTC: "-05:00".
func offset(zone *time.Location) string {
	return time.Date(2000, 1, 1, 0, 0, 0, 0, zone).Format("-07:00")
}

// wall is the clock on the wall at an instant, as if it were UTC.
func wall(t time.Time, zone *time.Location) time.Time {
	t = t.In(zone)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// midnight is the beginning of a day.
func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// monday is the beginning of a week.
func monday(t time.Time) time.Time {
	t = midnight(t)
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7)
}
