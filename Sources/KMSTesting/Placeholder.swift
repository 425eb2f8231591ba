enum KMSTestingPlaceholder {}
