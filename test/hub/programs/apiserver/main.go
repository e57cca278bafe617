// Command apiserver runs a real kube-apiserver on an embedded etcd in one process, on loopback only.
//
//	apiserver -data-dir DIR -- [flags of kube-apiserver, without the etcd address and the port]
//
// It prints one line of JSON once /readyz is ok, and ends when its standard input is closed or on SIGTERM: a hub can't
// outlive the test run that started it, however that run ended.
package main

import (
	"crypto/tls"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

const startTimeout = time.Minute

func main() {
	dataDir := flag.String("data-dir", "", "folder for etcd's files, which are removed at the end")
	flag.Parse()
	if err := run(*dataDir, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(dataDir string, args []string) error {
	etcdDir, err := os.MkdirTemp(dataDir, "etcd-")
	if err != nil {
		return err
	}
	go exitAtEnd(etcdDir)
	etcdURL, err := startEtcd(etcdDir)
	if err != nil {
		return fmt.Errorf("etcd: %w", err)
	}
	port, err := freePort()
	if err != nil {
		return err
	}
	go announce(fmt.Sprintf("https://127.0.0.1:%d", port), port, etcdURL)
	command := app.NewAPIServerCommand()
	command.SetArgs(append(args, "--etcd-servers="+etcdURL, fmt.Sprintf("--secure-port=%d", port)))
	return command.Execute()
}

// exitAtEnd doesn't wait for a graceful shutdown: watches would hold it up, and the data is thrown away.
func exitAtEnd(etcdDir string) {
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		end <- syscall.SIGTERM
	}()
	<-end
	_ = os.RemoveAll(etcdDir)
	os.Exit(0)
}

func startEtcd(dir string) (string, error) {
	config := embed.NewConfig()
	config.Dir = filepath.Join(dir, "data")
	config.LogLevel = "error"
	config.UnsafeNoFsync = true
	// Port 0: etcd binds any free port, so that two hubs never race for one.
	anyPort := url.URL{Scheme: "http", Host: "127.0.0.1:0"}
	config.ListenClientUrls, config.AdvertiseClientUrls = []url.URL{anyPort}, []url.URL{anyPort}
	config.ListenPeerUrls, config.AdvertisePeerUrls = []url.URL{anyPort}, []url.URL{anyPort}
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	etcd, err := embed.StartEtcd(config)
	if err != nil {
		return "", err
	}
	select {
	case <-etcd.Server.ReadyNotify():
		return "http://" + etcd.Clients[0].Addr().String(), nil
	case err := <-etcd.Err():
		return "", err
	case <-time.After(startTimeout):
		return "", fmt.Errorf("not ready after %s", startTimeout)
	}
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

func announce(server string, port int, etcdURL string) {
	// The probe asks only whether the server is up, on a port that this process has just chosen.
	client := &http.Client{
		Timeout:   time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true},
	}
	for deadline := time.Now().Add(startTimeout); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		response, err := client.Get(server + "/readyz")
		if err != nil {
			continue
		}
		_ = response.Body.Close()
		if response.StatusCode == http.StatusOK {
			_ = json.NewEncoder(os.Stdout).Encode(map[string]any{"url": server, "port": port, "etcd": etcdURL})
			return
		}
	}
	fmt.Fprintf(os.Stderr, "error: kube-apiserver was not ready after %s\n", startTimeout)
	os.Exit(1)
}
