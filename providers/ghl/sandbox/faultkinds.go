package sandbox

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// faultKind is one way in which a request goes wrong.
type faultKind struct {
	name  string
	fails bool // the client has to ask again

	fits  func(*injector, *call) bool // nil: any call
	serve func(*injector, *call, handler) *answer
}

// faultKinds is the table of all kinds. FaultKinds says what each does.
var faultKinds = []faultKind{
	{name: "429", fails: true, serve: spent},
	{name: "429-bare", fails: true, serve: spentBare},
	{name: "429-after", fails: true, serve: spentAfter},
	{name: "429-date", fails: true, serve: spentDate},
	{name: "500", fails: true, serve: refuse(500, "Internal server error")},
	{name: "500-acted", fails: true, serve: actThen(refuse(500, "Internal server error"))},
	{name: "502", fails: true, serve: refuse(502, "Bad Gateway")},
	{name: "503", fails: true, serve: refuse(503, "Service Unavailable")},
	{name: "html", fails: true, serve: errorPage},
	{name: "html-200", fails: true, serve: pretendPage},
	{name: "reset", fails: true, serve: broken},
	{name: "lost", fails: true, serve: actThen(broken)},
	{name: "slow", serve: late},
	{name: "cut", fails: true, serve: cutShort},
	{name: "garbled", fails: true, serve: garbled},
	{name: "401-timeout", fails: true, fits: calls, serve: refuse(401, "Command timed out")},
	{name: "401-jwt", fails: true, fits: calls, serve: refuse(401, "Invalid JWT")},
	{name: "partial", fails: true, fits: bulk, serve: partial},
	{name: "stale", fits: changedLately, serve: stale},
	{name: "shift", fits: laterPage, serve: shifted},
}

// calls are the requests that a bearer token authorizes.
func calls(_ *injector, c *call) bool { return c.path != tokenPath }

func bulk(_ *injector, c *call) bool { return c.route != nil && c.route.bulk }

func searches(c *call) bool { return c.route != nil && c.route.search }

// reads are the requests that change nothing.
func reads(c *call) bool {
	return c.method == http.MethodGet || c.method == http.MethodHead || searches(c)
}

// spent is the refusal of the rate limit, with the headers that it comes with.
func spent(in *injector, c *call, _ handler) *answer {
	a := &answer{status: http.StatusTooManyRequests, bare: true, header: http.Header{}, body: object{
		"statusCode": 429, "message": "Too Many Requests"}}
	a.header.Set("X-RateLimit-Remaining", "0")
	return a
}

func spentBare(in *injector, c *call, next handler) *answer {
	a := spent(in, c, next)
	a.header, a.unmetered = http.Header{}, true
	return a
}

func spentAfter(in *injector, c *call, next handler) *answer {
	a := spentBare(in, c, next)
	a.header.Set("Retry-After", strconv.FormatInt(seconds(in.plan.Wait), 10))
	return a
}

func spentDate(in *injector, c *call, next handler) *answer {
	a := spentBare(in, c, next)
	at := c.now.Add(time.Duration(seconds(in.plan.Wait)) * time.Second)
	a.header.Set("Retry-After", at.UTC().Format(http.TimeFormat))
	return a
}

// seconds rounds up.
func seconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }

func refuse(status int, message string) func(*injector, *call, handler) *answer {
	return func(*injector, *call, handler) *answer {
		return &answer{status: status, body: object{"statusCode": status, "message": message}}
	}
}

// actThen carries the request out and then answers something else.
func actThen(serve func(*injector, *call, handler) *answer) func(*injector, *call, handler) *answer {
	return func(in *injector, c *call, next handler) *answer {
		next(c)
		return serve(in, c, next)
	}
}

func errorPage(in *injector, _ *call, _ handler) *answer {
	status := []int{500, 502, 503}[in.random.IntN(3)]
	title := strconv.Itoa(status) + " " + http.StatusText(status)
	return &answer{status: status, page: []byte("<html>\r\n<head><title>" + title +
		"</title></head>\r\n<body>\r\n<center><h1>" + title + "</h1></center>\r\n</body>\r\n</html>\r\n")}
}

func pretendPage(*injector, *call, handler) *answer {
	return &answer{status: http.StatusOK, page: []byte(
		"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking your connection.</body></html>")}
}

func broken(*injector, *call, handler) *answer { return &answer{drop: true} }

func late(in *injector, c *call, next handler) *answer {
	a := next(c)
	a.delay = in.plan.Delay
	return a
}

func cutShort(_ *injector, c *call, next handler) *answer {
	a := next(c)
	a.cut = true
	return a
}

func garbled(_ *injector, c *call, next handler) *answer {
	a := next(c)
	a.halved = true
	return a
}

// partial fails at least one row of a bulk call.
func partial(in *injector, c *call, next handler) *answer {
	random := rand.New(rand.NewPCG(in.random.Uint64(), 0))
	c.spoils = func(row int) bool { return row == 0 || random.IntN(3) == 0 }
	return next(c)
}
