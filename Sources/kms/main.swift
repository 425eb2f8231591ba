import ArgumentParser
import AsyncHTTPClient
import GRDB
import Hummingbird
import Yams
print("x")
