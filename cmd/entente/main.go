// Entente keeps one joint plan between parties that each run their own server.
package main

func main() {}
