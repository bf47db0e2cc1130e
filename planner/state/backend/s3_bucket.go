package backend

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// errNoObject is returned for an object that is not there.
var errNoObject = errors.New("a part of the state is missing in the bucket")

// errOtherObject is returned for a conditional write whose condition does not hold.
var errOtherObject = errors.New("another run has written the object")

// errNoConditions is returned for a server that overwrites what it was asked not to.
var errNoConditions = errors.New("the server has no conditional writes (If-None-Match), without which two runs overwrite one another: use one that has them")

// s3Bucket reads and writes the objects of a bucket.
type s3Bucket struct {
	client *minio.Core
	creds  *credentials.Credentials
	clock  *serverClock
	site   s3Site
}

func openBucket(site s3Site, o Options) (*s3Bucket, error) {
	transport, err := minio.DefaultTransport(site.secure)
	if err != nil {
		return nil, err
	}
	b := &s3Bucket{clock: &serverClock{next: transport}, creds: site.credentials(o), site: site}
	lookup := minio.BucketLookupAuto
	if site.pathStyle {
		lookup = minio.BucketLookupPath
	}
	// Tries are counted here: each is to be told from a write that arrived before.
	b.client, err = minio.NewCore(site.host, &minio.Options{
		Creds: b.creds, Secure: site.secure, Region: site.region, BucketLookup: lookup, Transport: b.clock, MaxRetries: 1,
	})
	if err != nil {
		return nil, fmt.Errorf("the backend \"s3\" cannot use %s: %w", site.host, err)
	}
	program, version, _ := strings.Cut(o.UserAgent, "/")
	b.client.SetAppInfo(program, version)
	return b, nil
}

// name is the address of an object for people.
func (b *s3Bucket) name(key string) string {
	name := "s3://" + b.site.bucket + "/" + key
	if b.site.custom {
		name += " at " + b.site.host
	}
	return name
}

// now is the time by the clock of the server, as far as it has answered.
func (b *s3Bucket) now() time.Time { return b.clock.now() }

// get reads a whole object.
func (b *s3Bucket) get(ctx context.Context, key string) (text []byte, etag string, err error) {
	err = again(ctx, func(int) error {
		if err := b.ready(); err != nil {
			return err
		}
		body, info, _, err := b.client.GetObject(ctx, b.site.bucket, key, minio.GetObjectOptions{})
		if err != nil {
			return b.refused("GET", key, err)
		}
		var read bytes.Buffer
		read.Grow(int(min(max(info.Size, 0), maxAnswer)) + bytes.MinRead)
		_, err = read.ReadFrom(io.LimitReader(body, maxAnswer))
		if err = errors.Join(err, body.Close()); err != nil {
			return awayError{fmt.Errorf("the answer of %s breaks off: %w", b.site.host, err)}
		}
		text, etag = read.Bytes(), info.ETag
		return nil
	})
	return text, etag, err
}

// put writes an object whose key nothing else writes.
func (b *s3Bucket) put(ctx context.Context, key string, text []byte) error {
	return again(ctx, func(int) error {
		_, err := b.send(ctx, key, text, minio.PutObjectOptions{})
		return err
	})
}

// swap writes an object in the place of the one with an ETag; empty is for one that
// is not there (Amazon S3 User Guide, "How to prevent object overwrites with
// conditional writes"). It is tried once, because a write whose answer was lost may
// have arrived.
func (b *s3Bucket) swap(ctx context.Context, key string, text []byte, etag string) (string, error) {
	var o minio.PutObjectOptions
	if etag == "" {
		o.SetMatchETagExcept("*")
	} else {
		o.SetMatchETag(etag)
	}
	etag, err := b.send(ctx, key, text, o)
	if errors.Is(err, errNoObject) {
		err = errOtherObject // No object has that ETag.
	}
	return etag, err
}

func (b *s3Bucket) send(ctx context.Context, key string, text []byte, o minio.PutObjectOptions) (string, error) {
	if err := b.ready(); err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	o.ContentType, o.DisableContentSha256 = "application/x-ndjson", true
	info, err := b.client.PutObject(ctx, b.site.bucket, key, bytes.NewReader(text), int64(len(text)), "", hex.EncodeToString(sum[:]), o)
	if err != nil {
		return "", b.refused("PUT", key, err)
	}
	return info.ETag, nil
}

// list returns the keys that begin with a prefix.
func (b *s3Bucket) list(ctx context.Context, prefix string) (keys []string, err error) {
	if err := b.ready(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for o := range b.client.Client.ListObjects(ctx, b.site.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		if o.Err != nil {
			return nil, o.Err
		}
		keys = append(keys, o.Key)
	}
	return keys, nil
}

// delete removes an object.
func (b *s3Bucket) delete(ctx context.Context, key string) error {
	return again(ctx, func(int) error {
		if err := b.ready(); err != nil {
			return err
		}
		if err := b.client.RemoveObject(ctx, b.site.bucket, key, minio.RemoveObjectOptions{}); err != nil {
			return b.refused("DELETE", key, err)
		}
		return nil
	})
}

// remove removes objects that nothing names any more. One that stays does no harm.
func (b *s3Bucket) remove(ctx context.Context, keys []string) {
	for _, key := range keys {
		if err := b.client.RemoveObject(ctx, b.site.bucket, key, minio.RemoveObjectOptions{}); err != nil {
			return
		}
	}
}

// ready returns nil when there is something to sign requests with.
func (b *s3Bucket) ready() error {
	v, err := b.creds.GetWithContext(b.client.CredContext())
	if err != nil {
		return fmt.Errorf("cannot get credentials for %s: %w", b.site.host, cause(err))
	}
	if v.AccessKeyID == "" {
		return fmt.Errorf("there are no credentials for %s: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE", b.site.host)
	}
	return nil
}

// refused tells the errors apart. One that another try may mend is an awayError.
func (b *s3Bucket) refused(method, key string, err error) error {
	said := minio.ToErrorResponse(err)
	switch {
	case said.StatusCode == 0:
		return awayError{fmt.Errorf("cannot reach %s: %w", b.site.host, cause(err))}
	case said.Code == minio.NoSuchKey || said.StatusCode == http.StatusNotFound && said.Code != minio.NoSuchBucket:
		return errNoObject
	case said.StatusCode == http.StatusPreconditionFailed:
		return errOtherObject
	}
	what := ""
	switch {
	case said.Code == minio.NoSuchBucket:
		what = ". Make the bucket, with versioning so that an older state can be restored"
	case said.StatusCode == http.StatusForbidden:
		what = ". The credentials in the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, or AWS_PROFILE) need s3:GetObject, s3:PutObject and s3:DeleteObject below the key, and s3:ListBucket"
	case said.StatusCode/100 == 3:
		what = ". Write the region of the bucket"
	case said.StatusCode == http.StatusNotImplemented:
		return errNoConditions
	}
	problem := fmt.Errorf("%s %s of %s: %d %s: %s%s", method, b.name(key), b.site.host, said.StatusCode, said.Code, strings.TrimSuffix(said.Message, "."), what)
	// 409 is for writes of one key at a time, as the guide on conditional writes says.
	if said.StatusCode == http.StatusConflict || said.StatusCode == http.StatusTooManyRequests || said.StatusCode/100 == 5 && said.StatusCode != http.StatusNotImplemented {
		return awayError{problem}
	}
	return problem
}

// serverClock tells the time by the answers that pass it, because leases of several
// machines need one clock.
type serverClock struct {
	next   http.RoundTripper
	offset atomic.Int64
}

// RoundTrip passes a request on, and notes the date of the answer.
func (c *serverClock) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := c.next.RoundTrip(r)
	if err == nil {
		if at, wrong := http.ParseTime(answer.Header.Get("Date")); wrong == nil {
			c.offset.Store(int64(time.Until(at)))
		}
	}
	return answer, err
}

func (c *serverClock) now() time.Time { return time.Now().Add(time.Duration(c.offset.Load())) }
