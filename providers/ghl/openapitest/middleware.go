package openapitest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
)

// Middleware hands requests on to next and reports every disagreement of a
// request or an answer with the documents. It never changes either.
func (v *Validator) Middleware(next http.Handler, report func(error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		var body []byte
		if req.Body != nil {
			var err error
			if body, err = io.ReadAll(req.Body); err != nil {
				report(fmt.Errorf("%s %s: read request: %w", req.Method, req.URL.Path, err))
			}
			req.Body = io.NopCloser(bytes.NewReader(body))
		}
		recorded := httptest.NewRecorder()
		next.ServeHTTP(recorded, req)
		problems := v.checkRequest(req, body)
		problems = append(problems, v.checkAnswer(req, recorded.Code, recorded.Body.Bytes())...)
		for _, problem := range problems {
			report(fmt.Errorf("%s %s: %w", req.Method, req.URL.Path, problem))
		}
		for name, values := range recorded.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(recorded.Code)
		_, _ = w.Write(recorded.Body.Bytes()) // a client that went away is no disagreement
	})
}
